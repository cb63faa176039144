"""The bookshop's API: shows the catalogue and takes orders."""

import json
import logging
import os
import tomllib
from functools import cache as once
from pathlib import Path
from uuid import UUID, uuid4

import redis
from fastapi import Depends, FastAPI, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from psycopg.rows import dict_row
from psycopg_pool import ConnectionPool
from pydantic import BaseModel, Field

from outside import announce, charge, claims_of

CONFIG_FILE = Path(os.environ.get("BOOKSHOP_CONFIG", "/etc/bookshop/config.toml"))
CONFIG = tomllib.loads(os.path.expandvars(CONFIG_FILE.read_text()))
log = logging.getLogger("uvicorn.error")
app = FastAPI(title="Bookshop API")
catalogue = redis.Redis.from_url(CONFIG["cache"]["url"], decode_responses=True, socket_timeout=1)


class Line(BaseModel):
    isbn: str
    quantity: int = Field(gt=0, le=50)


class NewOrder(BaseModel):
    address: str = Field(min_length=5, max_length=500)
    lines: list[Line] = Field(min_length=1, max_length=50)
    payment_method: str


@once
def database() -> ConnectionPool:
    return ConnectionPool(CONFIG["orders"]["url"], max_size=10, kwargs={"row_factory": dict_row}, open=True)


def customer(credentials: HTTPAuthorizationCredentials = Depends(HTTPBearer())) -> dict:
    """Who is asking, according to the identity provider; 401 for anyone else."""
    claims = claims_of(credentials.credentials, **CONFIG["login"])
    if claims is None:
        raise HTTPException(401, "Please log in again.")
    return claims


@app.get("/health")
def health() -> dict:
    with database().connection() as connection:
        connection.execute("SELECT 1")
    return {"status": "ok"}


@app.get("/books")
def books() -> list[dict]:
    """The catalogue, at most five minutes old; without the cache it is read from the database."""
    try:
        if known := catalogue.get("books"):
            return json.loads(known)
    except redis.RedisError as error:
        log.warning("no cache: %s", error)
    with database().connection() as connection:
        found = connection.execute("SELECT isbn, title, author, price_cents, stock FROM books ORDER BY title").fetchall()
    try:
        catalogue.set("books", json.dumps(found), ex=CONFIG["cache"]["seconds"])
    except redis.RedisError:
        pass
    return found


@app.get("/orders")
def orders(who: dict = Depends(customer)) -> list[dict]:
    with database().connection() as connection:
        return connection.execute(
            "SELECT id, total_cents, state, placed_at FROM orders WHERE customer = %s ORDER BY placed_at DESC", [who["sub"]]
        ).fetchall()


@app.post("/orders", status_code=201)
def place(order: NewOrder, who: dict = Depends(customer)) -> dict:
    """Reserve, then charge, then announce: what fails later leaves an order whose state tells how far it came."""
    number = uuid4()
    with database().connection() as connection:
        total = reserve(connection, number, order, who)
    payment = charge(number, total, order.payment_method, **CONFIG["payment"])
    state = "paid" if payment else "refused"
    with database().connection() as connection:
        connection.execute("UPDATE orders SET state = %s, payment = %s WHERE id = %s", [state, payment, number])
        if not payment:
            give_back(connection, number)
    if not payment:
        raise HTTPException(402, "The payment was refused.")
    announce(number, **CONFIG["broker"])
    return {"id": number, "state": state, "total_cents": total}


def reserve(connection, number: UUID, order: NewOrder, who: dict) -> int:
    """Take the books off the shelf and write the order down; the total in cents."""
    total, taken = 0, []
    for line in sorted(order.lines, key=lambda line: line.isbn):  # always in the same order, so two orders never deadlock
        book = connection.execute(
            "UPDATE books SET stock = stock - %s WHERE isbn = %s AND stock >= %s RETURNING price_cents",
            [line.quantity, line.isbn, line.quantity],
        ).fetchone()
        if book is None:
            raise HTTPException(409, f"{line.isbn} is not in stock in that quantity.")
        total += book["price_cents"] * line.quantity
        taken.append([number, line.isbn, line.quantity, book["price_cents"]])
    connection.execute(
        "INSERT INTO customers VALUES (%s, %s, %s) ON CONFLICT (subject) DO UPDATE SET name = excluded.name, email = excluded.email",
        [who["sub"], who.get("name", ""), who.get("email", "")],
    )
    connection.execute(
        "INSERT INTO orders (id, customer, address, total_cents, state) VALUES (%s, %s, %s, %s, 'placed')",
        [number, who["sub"], order.address, total],
    )
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO order_lines VALUES (%s, %s, %s, %s)", taken)
    return total


def give_back(connection, number: UUID) -> None:
    connection.execute(
        "UPDATE books SET stock = stock + quantity FROM order_lines WHERE order_lines.isbn = books.isbn AND order_id = %s",
        [number],
    )
