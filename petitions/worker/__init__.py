"""The worker: counting, mail, and work that is due. Any number of workers share it through the database."""
