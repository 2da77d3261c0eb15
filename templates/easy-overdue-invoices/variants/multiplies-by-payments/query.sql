-- Who has overdue invoices, and how much is open of them.
SELECT
  c.id,
  c.name,
  COUNT(DISTINCT i.id) AS invoices,
  SUM(i.amount - COALESCE(p.amount, 0)) AS open,
  CAST(julianday(r.day) - julianday(MIN(i.due_on)) AS INTEGER) AS days
FROM report r
JOIN invoices i ON i.due_on < r.day
JOIN customers c ON c.id = i.customer_id
LEFT JOIN payments p ON p.invoice_id = i.id AND p.paid_on <= r.day
GROUP BY c.id
HAVING open > 0
ORDER BY open DESC, c.id;
