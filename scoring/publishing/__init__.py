"""How is it shown? The published folder and every document in it."""
