-- One of everything that is read, with the names that break careless readers.
PRAGMA auto_vacuum = incremental;
PRAGMA user_version = 7;
PRAGMA application_id = 1001;
CREATE TABLE books (isbn TEXT PRIMARY KEY, title TEXT NOT NULL, price INTEGER DEFAULT 100 CHECK (price > 0), shelf TEXT UNIQUE);
CREATE TABLE orders (id INTEGER PRIMARY KEY, book TEXT NOT NULL REFERENCES books (isbn), quantity INTEGER NOT NULL,
                     twice INTEGER GENERATED ALWAYS AS (quantity * 2) VIRTUAL);
CREATE TABLE pairs (a INTEGER, b INTEGER, c, PRIMARY KEY (a, b)) WITHOUT ROWID;
CREATE TABLE "Table ""one""" ("a.b" INTEGER, "new
line" TEXT, "‮txt" TEXT);
CREATE INDEX orders_book ON orders (book) WHERE quantity > 1;
CREATE VIEW totals AS SELECT book, sum(quantity) AS quantity FROM orders GROUP BY book;
CREATE TRIGGER touch AFTER INSERT ON orders BEGIN SELECT 1; END;
CREATE VIRTUAL TABLE words USING fts5(text);
INSERT INTO books VALUES ('1', 'One', 100, 'a');
