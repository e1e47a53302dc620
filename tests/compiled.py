"""Compiled templates, kept for every application that the tests of one process build."""

from jinja2.bccache import Bucket, BytecodeCache


class CompiledTemplates(BytecodeCache):
    """Keeps compiled templates in memory; a template that changes gets a new key and is compiled again."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give a template's code, if it was compiled before."""
        if (code := self.kept.get(self._name(bucket))) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep a template's code."""
        self.kept[self._name(bucket)] = bucket.bytecode_to_string()

    @staticmethod
    def _name(bucket: Bucket) -> str:
        return f"{bucket.key}-{bucket.checksum}"
