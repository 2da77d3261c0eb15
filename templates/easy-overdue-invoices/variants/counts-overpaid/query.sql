-- Who has overdue invoices, and how much is open of them.
WITH
  paid AS (
    SELECT invoice_id, SUM(amount) AS amount
    FROM payments
    WHERE paid_on <= (SELECT day FROM report)
    GROUP BY invoice_id
  ),
  overdue AS (
    SELECT customer_id, due_on, invoices.amount - COALESCE(paid.amount, 0) AS open
    FROM invoices LEFT JOIN paid ON paid.invoice_id = invoices.id
    WHERE due_on < (SELECT day FROM report)
      AND invoices.amount <> COALESCE(paid.amount, 0)
  )
SELECT
  customers.id,
  name,
  COUNT(*) AS invoices,
  SUM(open) AS open,
  CAST(julianday((SELECT day FROM report)) - julianday(MIN(due_on)) AS INTEGER) AS days
FROM overdue JOIN customers ON customers.id = customer_id
GROUP BY customers.id
ORDER BY SUM(open) DESC, customers.id;
