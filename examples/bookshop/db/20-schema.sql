-- Tables of the shop. Money is in cents, times are with time zone.
CREATE TABLE books (
    isbn        text PRIMARY KEY,
    title       text NOT NULL,
    author      text NOT NULL,
    price_cents integer NOT NULL CHECK (price_cents > 0),
    stock       integer NOT NULL CHECK (stock >= 0)
);

-- A customer is who the identity provider says it is; we keep what an invoice needs.
CREATE TABLE customers (
    subject text PRIMARY KEY,
    name    text NOT NULL,
    email   text NOT NULL
);

CREATE TABLE orders (
    id           uuid PRIMARY KEY,
    customer     text NOT NULL REFERENCES customers,
    address      text NOT NULL,
    total_cents  integer NOT NULL CHECK (total_cents > 0),
    state        text NOT NULL CHECK (state IN ('placed', 'paid', 'refused', 'fulfilled')),
    payment      text,
    placed_at    timestamptz NOT NULL DEFAULT now(),
    fulfilled_at timestamptz
);
CREATE INDEX orders_customer ON orders (customer);
CREATE INDEX orders_open ON orders (placed_at) WHERE state = 'paid';

CREATE TABLE order_lines (
    order_id    uuid NOT NULL REFERENCES orders,
    isbn        text NOT NULL REFERENCES books,
    quantity    integer NOT NULL CHECK (quantity > 0),
    price_cents integer NOT NULL,
    PRIMARY KEY (order_id, isbn)
);

INSERT INTO books (isbn, title, author, price_cents, stock) VALUES
    ('9780141439600', 'A Tale of Two Cities', 'Charles Dickens', 899, 12),
    ('9780141439518', 'Pride and Prejudice', 'Jane Austen', 799, 20),
    ('9780141439471', 'Frankenstein', 'Mary Shelley', 699, 9),
    ('9780142437247', 'Moby-Dick', 'Herman Melville', 1099, 4);
