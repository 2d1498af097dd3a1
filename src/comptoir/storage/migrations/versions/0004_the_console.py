"""The console."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# SQLite's INTEGER already holds 64 bits, and only this spelling makes a primary key its row id.
WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "task",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_stopping", sa.Boolean(), nullable=False),
        sa.Column("done", WHOLE_NUMBER, nullable=False),
        sa.Column("total", WHOLE_NUMBER, nullable=False),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("source_digest", sa.Text(), nullable=True),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("output_digest", sa.Text(), nullable=True),
        sa.Column("output_name", sa.Text(), nullable=False),
        sa.Column("operator_id", WHOLE_NUMBER, nullable=True),
        sa.Column("operator", sa.Text(), nullable=False),
        sa.Column("claim", sa.Text(), nullable=False),
        sa.Column("runs", WHOLE_NUMBER, nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("begun_at", sa.BigInteger(), nullable=True),
        sa.Column("beat_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task")),
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index("ix_task_state", ["state", "id"], unique=False)

    op.create_table(
        "console_session",
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("id", WHOLE_NUMBER, nullable=False),
        sa.Column("operator_id", WHOLE_NUMBER, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("agent", sa.Text(), nullable=False),
        sa.Column("is_entered", sa.Boolean(), nullable=False),
        sa.Column("form_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["operator_id"], ["operator.id"], name=op.f("fk_console_session_operator_id")
        ),
        sa.PrimaryKeyConstraint("key_hash", name=op.f("pk_console_session")),
        sa.UniqueConstraint("id", name=op.f("uq_console_session_id")),
    )
    with op.batch_alter_table("console_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_console_session_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_console_session_operator_id"), ["operator_id"], unique=False)

    op.create_table(
        "recovery_code",
        sa.Column("operator_id", WHOLE_NUMBER, nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_recovery_code_operator_id")),
        sa.PrimaryKeyConstraint("operator_id", "code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_table(
        "saved_filter",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("operator_id", WHOLE_NUMBER, nullable=False),
        sa.Column("list", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_saved_filter_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint(
            "operator_id", "list", "name", name=op.f("uq_saved_filter_operator_id_list_name")
        ),
    )
    with op.batch_alter_table("bank_transfer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bank_transfer_file_id"))
        batch_op.create_index("ix_bank_transfer_amount", ["amount_minor", "transfer_id"], unique=False)
        batch_op.create_index(
            "ix_bank_transfer_file",
            ["file_id", "type_code", "return_code"],
            unique=False,
            sqlite_where=sa.text("file_id IS NOT NULL"),
            postgresql_where=sa.text("file_id IS NOT NULL"),
        )

    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index("ix_card_last_four", ["last_four", "id"], unique=False)

    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.create_index(
            "ix_customer_created",
            ["created_at", "id"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_customer_status",
            ["status", "id"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )

    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_delivery_dead",
            ["ended_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'dead'"),
            postgresql_where=sa.text("state = 'dead'"),
        )
        batch_op.create_index("ix_delivery_endpoint", ["endpoint_id", "id"], unique=False)
        batch_op.create_index(
            "ix_delivery_retried",
            ["id"],
            unique=False,
            sqlite_where=sa.text("state = 'pending' AND attempts > 0"),
            postgresql_where=sa.text("state = 'pending' AND attempts > 0"),
        )
        batch_op.create_index("ix_delivery_state", ["state", "id"], unique=False)

    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_enrolment_failing",
            ["updated_at", "id"],
            unique=False,
            sqlite_where=sa.text("failed_attempts > 0"),
            postgresql_where=sa.text("failed_attempts > 0"),
        )

    with op.batch_alter_table("event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_event_at"), ["at"], unique=False)
        batch_op.create_index("ix_event_kind", ["kind", "seq"], unique=False)
        batch_op.create_index(
            "ix_event_operator",
            ["operator_id", "seq"],
            unique=False,
            sqlite_where=sa.text("operator_id IS NOT NULL"),
            postgresql_where=sa.text("operator_id IS NOT NULL"),
        )

    with op.batch_alter_table("operator", schema=None) as batch_op:
        batch_op.add_column(sa.Column("totp_secret", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("totp_step", WHOLE_NUMBER, nullable=True))
        batch_op.add_column(sa.Column("totp_confirmed_at", sa.BigInteger(), nullable=True))

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_index("ix_orders_first")
        batch_op.create_index(
            "ix_orders_first",
            ["created_at", "id", "parent_id", "removed_at"],
            unique=False,
            sqlite_where=sa.text("parent_id IS NULL AND removed_at IS NULL"),
            postgresql_where=sa.text("parent_id IS NULL AND removed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_orders_placed",
            ["created_at", "id"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_orders_sold",
            ["created_at", "currency", "total_minor", "sale_transfer_id", "removed_at"],
            unique=False,
            sqlite_where=sa.text("sale_transfer_id IS NOT NULL AND removed_at IS NULL"),
            postgresql_where=sa.text("sale_transfer_id IS NOT NULL AND removed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_orders_status",
            ["status", "created_at", "id"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )
        batch_op.create_index(
            "ix_orders_total_minor",
            ["total_minor", "id"],
            unique=False,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )

    with op.batch_alter_table("payment_transaction", schema=None) as batch_op:
        batch_op.create_index("ix_payment_transaction_date", ["date", "id"], unique=False)
        batch_op.create_index(
            "ix_payment_transaction_identifier",
            ["identifier"],
            unique=False,
            sqlite_where=sa.text("identifier <> ''"),
            postgresql_where=sa.text("identifier <> ''"),
        )
        batch_op.create_index("ix_payment_transaction_status", ["status", "date", "id"], unique=False)

    with op.batch_alter_table("payout_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_payout_entry_payout"))
        batch_op.create_index("ix_payout_entry_payout", ["payout_id", "kind", "amount_minor"], unique=False)
        batch_op.create_index(
            "ix_payout_entry_fees",
            ["at", "amount_minor", "kind"],
            unique=False,
            sqlite_where=sa.text("kind IN ('fee', 'chargeback_fee', 'payout_fee')"),
            postgresql_where=sa.text("kind IN ('fee', 'chargeback_fee', 'payout_fee')"),
        )

    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(
            "ix_product_stock",
            ["quantity", "id"],
            unique=False,
            sqlite_where=sa.text("has_inventory"),
            postgresql_where=sa.text("has_inventory"),
        )

    with op.batch_alter_table("recurring_item", schema=None) as batch_op:
        batch_op.create_index(
            "ix_recurring_item_declined",
            ["declined_at", "enrolment_id"],
            unique=False,
            sqlite_where=sa.text("declined_at IS NOT NULL"),
            postgresql_where=sa.text("declined_at IS NOT NULL"),
        )

    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.create_index("ix_refund_created", ["created_at", "id"], unique=False)
        batch_op.create_index(
            "ix_refund_given",
            ["refunded_at", "currency", "total_e4", "status", "removed_at"],
            unique=False,
            sqlite_where=sa.text("status = 'success' AND removed_at IS NULL"),
            postgresql_where=sa.text("status = 'success' AND removed_at IS NULL"),
        )
        batch_op.create_index("ix_refund_total", ["total_e4", "id"], unique=False)

    # Data: keep these lines when the page is written anew.
    op.execute("UPDATE operator SET role = 'owner' WHERE role = 'administrator'")
    op.execute("UPDATE operator SET role = 'manager' WHERE role = 'editor'")
    op.execute("UPDATE operator SET role = 'read-only' WHERE role = 'viewer'")
