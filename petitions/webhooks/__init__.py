"""Webhooks: whose programs are told what happens, how they are told, and what became of it."""
