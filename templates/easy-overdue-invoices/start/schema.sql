CREATE TABLE customers (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL
);

CREATE TABLE invoices (
  id INTEGER PRIMARY KEY,
  customer_id INTEGER NOT NULL REFERENCES customers (id),
  issued_on TEXT NOT NULL,
  due_on TEXT NOT NULL,
  amount INTEGER NOT NULL
);

CREATE TABLE payments (
  id INTEGER PRIMARY KEY,
  invoice_id INTEGER NOT NULL REFERENCES invoices (id),
  paid_on TEXT NOT NULL,
  amount INTEGER NOT NULL
);

CREATE TABLE report (
  day TEXT NOT NULL
);
