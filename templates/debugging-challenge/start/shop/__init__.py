"""The shop: carts, prices and receipts."""
