import { Pool as Connections } from "pg";
import Redis from "ioredis";
import { S3Client, PutObjectCommand } from "@aws-sdk/client-s3";
const { Kafka } = require("kafkajs");
const mongoose = require("mongoose");
const Stripe = require("stripe");

const host = "orders-db";
export const pool = new Connections({
  host: process.env.PGHOST ?? host,
  port: 5432,
  database: "orders",
});
export const cache = new Redis({ host: "cache", port: 6379 });
export const other = new Redis(6380, "not-first");
const kafka = new Kafka({ clientId: "shop", brokers: ["kafka-1:9092", `kafka-${2}:9092`] });
mongoose.connect(`mongodb://${process.env.MONGO_HOST || "mongo"}:27017/catalogue`);
const stripe = new Stripe(process.env.STRIPE_SECRET_KEY);
await s3.send(new PutObjectCommand({ Bucket: "invoices-of-the-shop", Key: "a" }));
fetch("https://api.sendgrid.com/v3/mail/send", { method: "POST" });
const api = axios.create({ baseURL: "http://pricing:8080/v1" });
const link = "https://www.w3.org/2000/svg";
export default { apiKey: "sk_live_" + "not put together here" };
