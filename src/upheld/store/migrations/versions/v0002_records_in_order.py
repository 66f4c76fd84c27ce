"""Read the records of a kind in their order without sorting them."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_record_product_kind_seq", "record", ["product", "kind", "seq"])
