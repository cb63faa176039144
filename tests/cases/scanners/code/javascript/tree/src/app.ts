import * as Sentry from "@sentry/node";
import { createClient, type RedisClientType } from "redis";

class Settings {
  private readonly databaseUrl: string = process.env.DATABASE_URL!;
  @Inject("TOKEN") cacheUrl = "redis://cache:6379/0";
}

export const client: RedisClientType = createClient({ url: "redis://sessions:6379" } as const);
const password: string = "correct-horse-battery-7";
Sentry.init({ dsn: import.meta.env.VITE_SENTRY_DSN });
