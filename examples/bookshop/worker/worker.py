"""The bookshop's worker: writes an invoice for every paid order and marks the order as fulfilled, once each."""

import json
import logging
import os
import sqlite3
import tomllib
from io import BytesIO
from pathlib import Path

import pika
import psycopg
from minio import Minio

CONFIG_FILE = Path(os.environ.get("BOOKSHOP_CONFIG", "/etc/bookshop/config.toml"))
CONFIG = tomllib.loads(os.path.expandvars(CONFIG_FILE.read_text()))
SWEEP_SECONDS = 60
FORGOTTEN = "SELECT id FROM orders WHERE state = 'paid' AND placed_at < now() - interval '10 minutes' ORDER BY placed_at"
INVOICE = """
    SELECT c.name, o.address, o.total_cents, b.title, l.quantity, l.price_cents
    FROM orders o JOIN customers c ON c.subject = o.customer
    JOIN order_lines l ON l.order_id = o.id JOIN books b USING (isbn)
    WHERE o.id = %s ORDER BY b.title
"""
log = logging.getLogger("worker")


def open_deliveries() -> sqlite3.Connection:
    """The numbers of invoices are given out here, without gaps and never twice: no row is ever deleted."""
    file = sqlite3.connect(CONFIG["deliveries"]["url"].removeprefix("sqlite:///"), isolation_level=None)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = FULL")
    file.execute("CREATE TABLE IF NOT EXISTS deliveries (invoice INTEGER PRIMARY KEY, order_id TEXT UNIQUE NOT NULL)")
    return file


def open_invoices() -> Minio:
    settings = CONFIG["invoices"]
    store = Minio(settings["endpoint"], settings["user"], settings["password"], secure=False)
    if not store.bucket_exists(settings["bucket"]):
        store.make_bucket(settings["bucket"])
    return store


def invoice_number(deliveries: sqlite3.Connection, order: str) -> int:
    """The same number for the same order, however often the message comes."""
    deliveries.execute("INSERT OR IGNORE INTO deliveries (order_id) VALUES (?)", [order])
    return deliveries.execute("SELECT invoice FROM deliveries WHERE order_id = ?", [order]).fetchone()[0]


def invoice(number: int, rows: list[tuple]) -> str:
    name, address, total, *_ = rows[0]
    lines = [f"{quantity:>3} x {title:<40} {cents * quantity / 100:>9.2f}" for *_, title, quantity, cents in rows]
    return "\n".join([f"Invoice {number}", name, address, "", *lines, "", f"Total {total / 100:>50.2f} EUR", ""])


def fulfil(order: str, database: psycopg.Connection, deliveries: sqlite3.Connection, store: Minio) -> None:
    rows = database.execute(INVOICE, [order]).fetchall()
    if not rows:
        log.warning("order %s does not exist", order)
        return
    number = invoice_number(deliveries, order)
    text = invoice(number, rows).encode()
    store.put_object(CONFIG["invoices"]["bucket"], f"{number:08}.txt", BytesIO(text), len(text), content_type="text/plain")
    database.execute("UPDATE orders SET state = 'fulfilled', fulfilled_at = now() WHERE id = %s AND state = 'paid'", [order])
    log.info("order %s has invoice %s", order, number)


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    rooms = (psycopg.connect(CONFIG["orders"]["url"], autocommit=True), open_deliveries(), open_invoices())
    channel = pika.BlockingConnection(pika.URLParameters(CONFIG["broker"]["url"])).channel()
    channel.queue_declare(CONFIG["broker"]["queue"], durable=True)
    channel.basic_qos(prefetch_count=1)
    for method, _, body in channel.consume(CONFIG["broker"]["queue"], inactivity_timeout=SWEEP_SECONDS):
        if method is None:  # a quiet minute: look for paid orders whose message got lost
            for (order,) in rooms[0].execute(FORGOTTEN).fetchall():
                fulfil(str(order), *rooms)
            continue
        fulfil(json.loads(body)["order"], *rooms)
        channel.basic_ack(method.delivery_tag)


if __name__ == "__main__":
    main()
