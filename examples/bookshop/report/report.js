// The nightly report: what was sold on one day (yesterday, or the day given), per book, as CSV in the object store.
import { Client as Store } from "minio";
import pg from "pg";

const BUCKET = "reports";
const SOLD = `
  SELECT b.isbn, b.title, sum(l.quantity) AS copies, sum(l.quantity * l.price_cents) AS cents
  FROM orders o JOIN order_lines l ON l.order_id = o.id JOIN books b USING (isbn)
  WHERE o.state IN ('paid', 'fulfilled') AND o.placed_at >= $1::date AND o.placed_at < $1::date + 1
  GROUP BY b.isbn, b.title ORDER BY cents DESC, b.isbn`;

const yesterday = () => new Date(Date.now() - 24 * 3600 * 1000).toISOString().slice(0, 10);
const quoted = (value) => `"${String(value).replaceAll('"', '""')}"`;

async function sold(day) {
  // The certificate is the database's own: the line is encrypted, the server is not proven.
  const database = new pg.Client({ connectionString: process.env.REPORT_DB_URL, ssl: { rejectUnauthorized: false } });
  await database.connect();
  try {
    return (await database.query(SOLD, [day])).rows;
  } finally {
    await database.end();
  }
}

async function store(day, text) {
  const url = new URL(process.env.OBJECTS_URL);
  const objects = new Store({
    endPoint: url.hostname,
    port: Number(url.port),
    useSSL: url.protocol === "https:",
    accessKey: process.env.OBJECTS_USER,
    secretKey: process.env.OBJECTS_PASSWORD,
  });
  if (!(await objects.bucketExists(BUCKET))) await objects.makeBucket(BUCKET);
  await objects.putObject(BUCKET, `sales/${day}.csv`, text);
}

const day = process.argv[2] ?? yesterday();
const rows = await sold(day);
const lines = rows.map((row) => [row.isbn, row.title, row.copies, row.cents].map(quoted).join(","));
await store(day, ["isbn,title,copies,cents", ...lines, ""].join("\n"));
console.log(`${day}: ${rows.length} titles sold`);
