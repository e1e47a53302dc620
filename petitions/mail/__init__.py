"""Mail: messages (one function each), the outbox, mailings to many, delivery."""
