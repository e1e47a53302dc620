"""A static archive of everything public: pages that read from a disk, and data that can be brought in again."""
