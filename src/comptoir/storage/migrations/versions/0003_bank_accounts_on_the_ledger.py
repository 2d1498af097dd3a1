"""Bank accounts on the ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# SQLite's INTEGER already holds 64 bits, and only this spelling makes a primary key its row id.
WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "bank_document",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=True),
        sa.Column("external_account_id", WHOLE_NUMBER, nullable=True),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("document_type", sa.Text(), nullable=False),
        sa.Column("reason_type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("culture", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("byte_size", WHOLE_NUMBER, nullable=False),
        sa.Column("custom", sa.Text(), nullable=False),
        sa.Column("effective_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("keep_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_document")),
        sa.UniqueConstraint("kind", "tag", name=op.f("uq_bank_document_kind_tag")),
    )
    with op.batch_alter_table("bank_document", schema=None) as batch_op:
        batch_op.create_index("ix_bank_document_culture", ["kind", "culture", "document_type"], unique=False)
        batch_op.create_index("ix_bank_document_customer", ["customer_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bank_document_digest"), ["digest"], unique=False)

    op.create_table(
        "bank_file",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("effective_on", sa.Text(), nullable=True),
        sa.Column("entry_count", WHOLE_NUMBER, nullable=False),
        sa.Column("debit_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("credit_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_file")),
    )
    with op.batch_alter_table("bank_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_file_digest"), ["digest"], unique=False)
        batch_op.create_index("ix_bank_file_kind", ["kind", "id"], unique=False)
        batch_op.create_index("ix_bank_file_state", ["state", "effective_on"], unique=False)

    op.create_table(
        "bank_product",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("short_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("is_default", sa.Boolean(), nullable=False),
        sa.Column("is_business", sa.Boolean(), nullable=False),
        sa.Column("is_external_withdraw_enabled", sa.Boolean(), nullable=False),
        sa.Column("is_interest_enabled", sa.Boolean(), nullable=False),
        sa.Column("is_recurring_contribution_enabled", sa.Boolean(), nullable=False),
        sa.Column("is_immediate_load_enabled", sa.Boolean(), nullable=False),
        sa.Column("is_minimum_balance_enabled", sa.Boolean(), nullable=False),
        sa.Column("reg_d_count_max", WHOLE_NUMBER, nullable=True),
        sa.Column("reg_d_count_free", WHOLE_NUMBER, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_product")),
        sa.UniqueConstraint("short_name", name=op.f("uq_bank_product_short_name")),
    )
    op.create_table(
        "bin",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bin")),
        sa.UniqueConstraint("prefix", name=op.f("uq_bin_prefix")),
    )
    op.create_table(
        "ecode_product",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("product_code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("minimum_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("maximum_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("percent_to_customer_e2", WHOLE_NUMBER, nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("image_urls", sa.Text(), nullable=False),
        sa.Column("documents", sa.Text(), nullable=False),
        sa.Column("is_reissue_supported", sa.Boolean(), nullable=False),
        sa.Column("is_cancel_supported", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecode_product")),
        sa.UniqueConstraint("product_code", name=op.f("uq_ecode_product_product_code")),
    )
    op.create_table(
        "fee_type",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("amount_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("execution_type", sa.Text(), nullable=False),
        sa.Column("is_manual", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee_type")),
    )
    op.create_table(
        "limit_range",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("scope_id", WHOLE_NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("minimum_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("maximum_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("effective_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_limit_range")),
    )
    with op.batch_alter_table("limit_range", schema=None) as batch_op:
        batch_op.create_index("ix_limit_range_scope", ["scope", "scope_id"], unique=False)

    op.create_table(
        "limit_use",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("scope_id", WHOLE_NUMBER, nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("used_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("count", WHOLE_NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("scope", "scope_id", "direction", "period", name=op.f("pk_limit_use")),
    )
    op.create_table(
        "program",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("website", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("bank_name", sa.Text(), nullable=False),
        sa.Column("bank_phone", sa.Text(), nullable=False),
        sa.Column("bank_url", sa.Text(), nullable=False),
        sa.Column("routing_number", sa.Text(), nullable=False),
        sa.Column("verification_type", sa.Text(), nullable=False),
        sa.Column("external_verification_type", sa.Text(), nullable=False),
        sa.Column("allowed_account_type", sa.Text(), nullable=False),
        sa.Column("account_types", sa.Text(), nullable=False),
        sa.Column("external_account_types", sa.Text(), nullable=False),
        sa.Column("features", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("is_nacha_enabled", sa.Boolean(), nullable=False),
        sa.Column("is_bank_simulated", sa.Boolean(), nullable=False),
        sa.Column("is_external_routing_needed", sa.Boolean(), nullable=False),
        sa.Column("is_residence_needed", sa.Boolean(), nullable=False),
        sa.Column("is_sensitive_info_visible", sa.Boolean(), nullable=False),
        sa.Column("is_internal_transfer_enabled", sa.Boolean(), nullable=False),
        sa.Column("is_recurring_contribution_enabled", sa.Boolean(), nullable=False),
        sa.Column("is_interest_enabled", sa.Boolean(), nullable=False),
        sa.Column("is_debit_rewards_enabled", sa.Boolean(), nullable=False),
        sa.Column("is_denied_after_attempts", sa.Boolean(), nullable=False),
        sa.Column("deposit_available_days", WHOLE_NUMBER, nullable=False),
        sa.Column("hold_days_max", WHOLE_NUMBER, nullable=False),
        sa.Column("verify_attempts_max", WHOLE_NUMBER, nullable=False),
        sa.Column("verify_window_days", WHOLE_NUMBER, nullable=False),
        sa.Column("account_count_max", WHOLE_NUMBER, nullable=True),
        sa.Column("external_account_count_max", WHOLE_NUMBER, nullable=True),
        sa.Column("archivals_per_day_max", WHOLE_NUMBER, nullable=True),
        sa.Column("total_balance_max_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("target_max_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("contribution_minimum_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("contribution_maximum_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("reg_d_fee_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("reg_d_count_max", WHOLE_NUMBER, nullable=False),
        sa.Column("requests_per_second", WHOLE_NUMBER, nullable=True),
        sa.Column("same_day_deadline", sa.Text(), nullable=False),
        sa.Column("nacha", sa.Text(), nullable=False),
        sa.Column("pin_key", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
    )
    op.create_table(
        "program_external_account",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("routing_number", sa.Text(), nullable=False),
        sa.Column("account_number", sa.LargeBinary(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("nacha_name", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_external_account")),
    )
    op.create_table(
        "bank_customer",
        sa.Column("customer_id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("tag_key", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("access_type", sa.Text(), nullable=False),
        sa.Column("is_business", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("middle_name", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("gender", sa.Text(), nullable=False),
        sa.Column("culture", sa.Text(), nullable=False),
        sa.Column("tax_id", sa.LargeBinary(), nullable=True),
        sa.Column("tax_id_digest", sa.Text(), nullable=True),
        sa.Column("tax_id_key", sa.Text(), nullable=True),
        sa.Column("passport_number", sa.LargeBinary(), nullable=True),
        sa.Column("passport_digest", sa.Text(), nullable=True),
        sa.Column("passport_country", sa.Text(), nullable=False),
        sa.Column("passport_issued_on", sa.Text(), nullable=True),
        sa.Column("passport_expires_on", sa.Text(), nullable=True),
        sa.Column("license_number", sa.LargeBinary(), nullable=True),
        sa.Column("license_digest", sa.Text(), nullable=True),
        sa.Column("license_state", sa.Text(), nullable=False),
        sa.Column("license_issued_on", sa.Text(), nullable=True),
        sa.Column("license_expires_on", sa.Text(), nullable=True),
        sa.Column("foreign_number", sa.LargeBinary(), nullable=True),
        sa.Column("is_documents_accepted", sa.Boolean(), nullable=False),
        sa.Column("documents_accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("is_backup_withholding", sa.Boolean(), nullable=False),
        sa.Column("is_opted_in", sa.Boolean(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("locked_at", sa.BigInteger(), nullable=True),
        sa.Column("locked_reason", sa.Text(), nullable=False),
        sa.Column("verified_at", sa.BigInteger(), nullable=True),
        sa.Column("manual_review_at", sa.BigInteger(), nullable=True),
        sa.Column("expired_at", sa.BigInteger(), nullable=True),
        sa.Column("deceased_at", sa.BigInteger(), nullable=True),
        sa.Column("last_contact_at", sa.BigInteger(), nullable=True),
        sa.Column("last_contact_type", sa.Text(), nullable=False),
        sa.Column("last_activity_at", sa.BigInteger(), nullable=True),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_bank_customer_customer_id")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_bank_customer")),
        sa.UniqueConstraint("tag_key", name=op.f("uq_bank_customer_tag_key")),
        sa.UniqueConstraint("tax_id_key", name=op.f("uq_bank_customer_tax_id_key")),
    )
    with op.batch_alter_table("bank_customer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_customer_license_digest"), ["license_digest"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_bank_customer_passport_digest"), ["passport_digest"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_bank_customer_tag"), ["tag"], unique=False)
        batch_op.create_index(batch_op.f("ix_bank_customer_tax_id_digest"), ["tax_id_digest"], unique=False)
        batch_op.create_index(
            "ix_bank_customer_waits",
            ["customer_id"],
            unique=False,
            sqlite_where=sa.text("status IN ('Initiated', 'Manual Review')"),
            postgresql_where=sa.text("status IN ('Initiated', 'Manual Review')"),
        )

    op.create_table(
        "bank_interest_rate",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("product_id", WHOLE_NUMBER, nullable=True),
        sa.Column("tier", WHOLE_NUMBER, nullable=False),
        sa.Column("apr_e11", WHOLE_NUMBER, nullable=False),
        sa.Column("apy_e11", WHOLE_NUMBER, nullable=False),
        sa.Column("minimum_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("maximum_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("effective_at", sa.BigInteger(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["bank_product.id"], name=op.f("fk_bank_interest_rate_product_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_interest_rate")),
    )
    with op.batch_alter_table("bank_interest_rate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_interest_rate_product_id"), ["product_id"], unique=False)

    op.create_table(
        "bank_transfer",
        sa.Column("transfer_id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("master_id", WHOLE_NUMBER, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=True),
        sa.Column("requesting_customer_id", WHOLE_NUMBER, nullable=True),
        sa.Column("from_id", WHOLE_NUMBER, nullable=True),
        sa.Column("to_id", WHOLE_NUMBER, nullable=True),
        sa.Column("external_account_id", WHOLE_NUMBER, nullable=True),
        sa.Column("card_id", WHOLE_NUMBER, nullable=True),
        sa.Column("amount_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("type_code", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("to_tag", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("purpose_code", sa.Text(), nullable=False),
        sa.Column("fee_code", sa.Text(), nullable=False),
        sa.Column("sub_type_code", sa.Text(), nullable=False),
        sa.Column("return_code", sa.Text(), nullable=False),
        sa.Column("is_same_day", sa.Boolean(), nullable=False),
        sa.Column("settles_on", sa.Text(), nullable=True),
        sa.Column("available_at", sa.BigInteger(), nullable=True),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("voided_at", sa.BigInteger(), nullable=True),
        sa.Column("file_id", WHOLE_NUMBER, nullable=True),
        sa.Column("trace_number", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["bank_file.id"], name=op.f("fk_bank_transfer_file_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_bank_transfer_transfer_id")),
        sa.PrimaryKeyConstraint("transfer_id", name=op.f("pk_bank_transfer")),
        sa.UniqueConstraint("tag", name=op.f("uq_bank_transfer_tag")),
        sa.UniqueConstraint("to_tag", name=op.f("uq_bank_transfer_to_tag")),
    )
    with op.batch_alter_table("bank_transfer", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bank_transfer_card",
            ["card_id", "created_at"],
            unique=False,
            sqlite_where=sa.text("card_id IS NOT NULL"),
            postgresql_where=sa.text("card_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_bank_transfer_external",
            ["external_account_id"],
            unique=False,
            sqlite_where=sa.text("external_account_id IS NOT NULL"),
            postgresql_where=sa.text("external_account_id IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_bank_transfer_file_id"), ["file_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_bank_transfer_master_id"), ["master_id"], unique=False)
        batch_op.create_index(
            "ix_bank_transfer_open",
            ["status", "settles_on"],
            unique=False,
            sqlite_where=sa.text("status NOT IN ('Settled', 'Voided')"),
            postgresql_where=sa.text("status NOT IN ('Settled', 'Voided')"),
        )
        batch_op.create_index(
            "ix_bank_transfer_settled",
            ["settled_at"],
            unique=False,
            sqlite_where=sa.text("settled_at IS NOT NULL"),
            postgresql_where=sa.text("settled_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_bank_transfer_trace",
            ["trace_number"],
            unique=False,
            sqlite_where=sa.text("trace_number <> ''"),
            postgresql_where=sa.text("trace_number <> ''"),
        )
        batch_op.create_index(
            "ix_bank_transfer_voided",
            ["transfer_id"],
            unique=False,
            sqlite_where=sa.text("status = 'Voided'"),
            postgresql_where=sa.text("status = 'Voided'"),
        )

    op.create_table(
        "program_account",
        sa.Column("account_id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("account_number", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_program_account_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_program_account")),
    )
    op.create_table(
        "bank_account",
        sa.Column("account_id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("product_id", WHOLE_NUMBER, nullable=False),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("account_number", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("sub_category", sa.Text(), nullable=False),
        sa.Column("legal_name1", sa.Text(), nullable=False),
        sa.Column("legal_name2", sa.Text(), nullable=False),
        sa.Column("miscellaneous", sa.Text(), nullable=False),
        sa.Column("external_program_tag", sa.Text(), nullable=False),
        sa.Column("custom1", sa.Text(), nullable=False),
        sa.Column("custom2", sa.Text(), nullable=False),
        sa.Column("custom3", sa.Text(), nullable=False),
        sa.Column("custom4", sa.Text(), nullable=False),
        sa.Column("custom5", sa.Text(), nullable=False),
        sa.Column("is_closeable", sa.Boolean(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.Column("lock_type", sa.Text(), nullable=False),
        sa.Column("lock_reason", sa.Text(), nullable=False),
        sa.Column("locked_at", sa.BigInteger(), nullable=True),
        sa.Column("target_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("target_on", sa.Text(), nullable=True),
        sa.Column("target_met_at", sa.BigInteger(), nullable=True),
        sa.Column("contribution_type", sa.Text(), nullable=False),
        sa.Column("contribution_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("contribution_external_account_id", WHOLE_NUMBER, nullable=True),
        sa.Column("contribution_starts_on", sa.Text(), nullable=True),
        sa.Column("contribution_ends_on", sa.Text(), nullable=True),
        sa.Column("minimum_balance_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("accrued_e8", WHOLE_NUMBER, nullable=False),
        sa.Column("accrued_through", sa.Text(), nullable=True),
        sa.Column("interest_paid_on", sa.Text(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_reason", sa.Text(), nullable=False),
        sa.Column("closed_notes", sa.Text(), nullable=False),
        sa.Column("closed_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("closed_transaction_id", WHOLE_NUMBER, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_bank_account_account_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_bank_account_customer_id")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["bank_product.id"], name=op.f("fk_bank_account_product_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_bank_account")),
        sa.UniqueConstraint("account_number", name=op.f("uq_bank_account_account_number")),
        sa.UniqueConstraint("tag", name=op.f("uq_bank_account_tag")),
    )
    with op.batch_alter_table("bank_account", schema=None) as batch_op:
        batch_op.create_index(
            "ix_bank_account_accrues",
            ["accrued_through", "account_id"],
            unique=False,
            sqlite_where=sa.text("status <> 'Closed'"),
            postgresql_where=sa.text("status <> 'Closed'"),
        )
        batch_op.create_index("ix_bank_account_customer", ["customer_id", "account_id"], unique=False)
        batch_op.create_index(
            "ix_bank_account_goal",
            ["account_id"],
            unique=False,
            sqlite_where=sa.text("target_minor > 0 AND target_met_at IS NULL"),
            postgresql_where=sa.text("target_minor > 0 AND target_met_at IS NULL"),
        )
        batch_op.create_index(
            "ix_bank_account_unfinished",
            ["account_id"],
            unique=False,
            sqlite_where=sa.text("status IN ('PendingOpen', 'PendingClosed')"),
            postgresql_where=sa.text("status IN ('PendingOpen', 'PendingClosed')"),
        )

    op.create_table(
        "bank_address",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("address_type", sa.Text(), nullable=False),
        sa.Column("line1", sa.Text(), nullable=False),
        sa.Column("line2", sa.Text(), nullable=False),
        sa.Column("line3", sa.Text(), nullable=False),
        sa.Column("line4", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_bank_address_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_address")),
        sa.UniqueConstraint(
            "customer_id", "address_type", name=op.f("uq_bank_address_customer_id_address_type")
        ),
    )
    op.create_table(
        "bank_phone",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("phone_type", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_bank_phone_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bank_phone")),
        sa.UniqueConstraint("customer_id", "phone_type", name=op.f("uq_bank_phone_customer_id_phone_type")),
    )
    op.create_table(
        "customer_beneficiary",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("middle_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Text(), nullable=True),
        sa.Column("tax_id", sa.LargeBinary(), nullable=True),
        sa.Column("legal_name1", sa.Text(), nullable=False),
        sa.Column("legal_name2", sa.Text(), nullable=False),
        sa.Column("distribution", sa.Text(), nullable=False),
        sa.Column("line1", sa.Text(), nullable=False),
        sa.Column("line2", sa.Text(), nullable=False),
        sa.Column("line3", sa.Text(), nullable=False),
        sa.Column("line4", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("postal_code", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_documents_accepted", sa.Boolean(), nullable=False),
        sa.Column("documents_accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_customer_beneficiary_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_beneficiary")),
        sa.UniqueConstraint("tag", name=op.f("uq_customer_beneficiary_tag")),
    )
    with op.batch_alter_table("customer_beneficiary", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_customer_beneficiary_customer_id"), ["customer_id"], unique=False
        )

    op.create_table(
        "customer_note",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_customer_note_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_note")),
    )
    with op.batch_alter_table("customer_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_customer_note_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "customer_referral",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("referred_id", WHOLE_NUMBER, nullable=False),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("custom", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_customer_referral_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_referral")),
        sa.UniqueConstraint(
            "customer_id", "referred_id", name=op.f("uq_customer_referral_customer_id_referred_id")
        ),
        sa.UniqueConstraint("tag", name=op.f("uq_customer_referral_tag")),
    )
    op.create_table(
        "customer_relationship",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("primary_id", WHOLE_NUMBER, nullable=False),
        sa.Column("related_id", WHOLE_NUMBER, nullable=False),
        sa.Column("relationship_type", sa.Text(), nullable=False),
        sa.Column("can_open_accounts", sa.Boolean(), nullable=False),
        sa.Column("is_primary_contact", sa.Boolean(), nullable=False),
        sa.Column("is_control_person", sa.Boolean(), nullable=False),
        sa.Column("is_beneficial_owner", sa.Boolean(), nullable=False),
        sa.Column("ownership_percent_e2", WHOLE_NUMBER, nullable=True),
        sa.Column("external_access_type", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["primary_id"], ["bank_customer.customer_id"], name=op.f("fk_customer_relationship_primary_id")
        ),
        sa.ForeignKeyConstraint(
            ["related_id"], ["bank_customer.customer_id"], name=op.f("fk_customer_relationship_related_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_relationship")),
    )
    with op.batch_alter_table("customer_relationship", schema=None) as batch_op:
        batch_op.create_index("ix_customer_relationship_pair", ["primary_id", "related_id"], unique=False)
        batch_op.create_index("ix_customer_relationship_related", ["related_id"], unique=False)

    op.create_table(
        "customer_verification",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("questions", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_customer_verification_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_verification")),
        sa.UniqueConstraint("key", name=op.f("uq_customer_verification_key")),
    )
    with op.batch_alter_table("customer_verification", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_customer_verification_customer_id"), ["customer_id"], unique=False
        )

    op.create_table(
        "diligence_answer",
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("question_id", WHOLE_NUMBER, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("choices", sa.Text(), nullable=False),
        sa.Column("answered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_diligence_answer_customer_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", "question_id", name=op.f("pk_diligence_answer")),
    )
    op.create_table(
        "external_account",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("nick_name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("business_name", sa.Text(), nullable=False),
        sa.Column("routing_number", sa.Text(), nullable=False),
        sa.Column("account_number", sa.LargeBinary(), nullable=False),
        sa.Column("account_digest", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("status_at", sa.BigInteger(), nullable=False),
        sa.Column("is_locked", sa.Boolean(), nullable=False),
        sa.Column("locked_at", sa.BigInteger(), nullable=True),
        sa.Column("locked_reason", sa.Text(), nullable=False),
        sa.Column("is_locked_by_system", sa.Boolean(), nullable=False),
        sa.Column("attempts", WHOLE_NUMBER, nullable=False),
        sa.Column("amount1_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("amount2_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("verify_sent_at", sa.BigInteger(), nullable=True),
        sa.Column("verify_expires_at", sa.BigInteger(), nullable=True),
        sa.Column("noc_code", sa.Text(), nullable=False),
        sa.Column("custom1", sa.Text(), nullable=False),
        sa.Column("custom2", sa.Text(), nullable=False),
        sa.Column("custom3", sa.Text(), nullable=False),
        sa.Column("custom4", sa.Text(), nullable=False),
        sa.Column("custom5", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_external_account_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_account")),
        sa.UniqueConstraint("tag", name=op.f("uq_external_account_tag")),
    )
    with op.batch_alter_table("external_account", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_external_account_account_digest"), ["account_digest"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_external_account_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(
            "ix_external_account_expiry",
            ["verify_expires_at"],
            unique=False,
            sqlite_where=sa.text("status = 'Unverified'"),
            postgresql_where=sa.text("status = 'Unverified'"),
        )

    op.create_table(
        "statement",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("year", WHOLE_NUMBER, nullable=False),
        sa.Column("month", WHOLE_NUMBER, nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_statement_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index("ix_statement_made", ["type", "year", "month"], unique=False)
        batch_op.create_index("ix_statement_period", ["customer_id", "type", "year", "month"], unique=True)

    op.create_table(
        "account_access",
        sa.Column("account_id", WHOLE_NUMBER, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("access_type", sa.Text(), nullable=False),
        sa.Column("priority", WHOLE_NUMBER, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_account.account_id"], name=op.f("fk_account_access_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_account_access_customer_id")
        ),
        sa.PrimaryKeyConstraint("account_id", "customer_id", name=op.f("pk_account_access")),
    )
    with op.batch_alter_table("account_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_account_access_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "account_beneficiary",
        sa.Column("account_id", WHOLE_NUMBER, nullable=False),
        sa.Column("beneficiary_id", WHOLE_NUMBER, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_account.account_id"], name=op.f("fk_account_beneficiary_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["beneficiary_id"],
            ["customer_beneficiary.id"],
            name=op.f("fk_account_beneficiary_beneficiary_id"),
        ),
        sa.PrimaryKeyConstraint("account_id", "beneficiary_id", name=op.f("pk_account_beneficiary")),
    )
    with op.batch_alter_table("account_beneficiary", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_account_beneficiary_beneficiary_id"), ["beneficiary_id"], unique=False
        )

    op.create_table(
        "applied_fee",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("fee_type_id", WHOLE_NUMBER, nullable=False),
        sa.Column("account_id", WHOLE_NUMBER, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("amount_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("transfer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_account.account_id"], name=op.f("fk_applied_fee_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_applied_fee_customer_id")
        ),
        sa.ForeignKeyConstraint(["fee_type_id"], ["fee_type.id"], name=op.f("fk_applied_fee_fee_type_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_applied_fee_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applied_fee")),
        sa.UniqueConstraint("tag", name=op.f("uq_applied_fee_tag")),
    )
    with op.batch_alter_table("applied_fee", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_applied_fee_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_applied_fee_transfer_id"), ["transfer_id"], unique=False)

    op.create_table(
        "bank_hold",
        sa.Column("hold_id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("account_id", WHOLE_NUMBER, nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_account.account_id"], name=op.f("fk_bank_hold_account_id")
        ),
        sa.ForeignKeyConstraint(["hold_id"], ["hold.id"], name=op.f("fk_bank_hold_hold_id")),
        sa.PrimaryKeyConstraint("hold_id", name=op.f("pk_bank_hold")),
    )
    with op.batch_alter_table("bank_hold", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bank_hold_account_id"), ["account_id"], unique=False)

    op.create_table(
        "card",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("holder_customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("primary_account_id", WHOLE_NUMBER, nullable=False),
        sa.Column("bin_id", WHOLE_NUMBER, nullable=True),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("nick_name", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("middle_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("type_code", sa.Text(), nullable=False),
        sa.Column("network", sa.Text(), nullable=False),
        sa.Column("last_four", sa.Text(), nullable=False),
        sa.Column("expire_month", WHOLE_NUMBER, nullable=True),
        sa.Column("expire_year", WHOLE_NUMBER, nullable=True),
        sa.Column("lock_type", sa.Text(), nullable=False),
        sa.Column("lock_reason", sa.Text(), nullable=False),
        sa.Column("reissue_reason", sa.Text(), nullable=False),
        sa.Column("is_digital_only", sa.Boolean(), nullable=False),
        sa.Column("is_dual_issuance", sa.Boolean(), nullable=False),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("pin_set_at", sa.BigInteger(), nullable=True),
        sa.Column("requested_at", sa.BigInteger(), nullable=True),
        sa.Column("verified_at", sa.BigInteger(), nullable=True),
        sa.Column("reissued_at", sa.BigInteger(), nullable=True),
        sa.Column("archived_at", sa.BigInteger(), nullable=True),
        sa.Column("denied_at", sa.BigInteger(), nullable=True),
        sa.Column("expired_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bin_id"], ["bin.id"], name=op.f("fk_card_bin_id")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_card_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["holder_customer_id"], ["bank_customer.customer_id"], name=op.f("fk_card_holder_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["primary_account_id"], ["bank_account.account_id"], name=op.f("fk_card_primary_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card")),
        sa.UniqueConstraint("tag", name=op.f("uq_card_tag")),
    )
    with op.batch_alter_table("card", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index("ix_card_expiry", ["expire_year", "expire_month"], unique=False)
        batch_op.create_index(batch_op.f("ix_card_holder_customer_id"), ["holder_customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_card_primary_account_id"), ["primary_account_id"], unique=False)
        batch_op.create_index("ix_card_status", ["status", "id"], unique=False)

    op.create_table(
        "ecode",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("product_id", WHOLE_NUMBER, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("from_account_id", WHOLE_NUMBER, nullable=False),
        sa.Column("boost_account_id", WHOLE_NUMBER, nullable=True),
        sa.Column("amount_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("boost_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("order_number", sa.Text(), nullable=False),
        sa.Column("code", sa.LargeBinary(), nullable=False),
        sa.Column("access_code", sa.LargeBinary(), nullable=False),
        sa.Column("challenge", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("transfer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("reissues_id", WHOLE_NUMBER, nullable=True),
        sa.Column("purchased_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["boost_account_id"], ["bank_account.account_id"], name=op.f("fk_ecode_boost_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_ecode_customer_id")
        ),
        sa.ForeignKeyConstraint(
            ["from_account_id"], ["bank_account.account_id"], name=op.f("fk_ecode_from_account_id")
        ),
        sa.ForeignKeyConstraint(["product_id"], ["ecode_product.id"], name=op.f("fk_ecode_product_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_ecode_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ecode")),
    )
    with op.batch_alter_table("ecode", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ecode_customer_id"), ["customer_id"], unique=False)

    op.create_table(
        "entitlement",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("account_id", WHOLE_NUMBER, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("entitlement", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_account.account_id"], name=op.f("fk_entitlement_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["bank_customer.customer_id"], name=op.f("fk_entitlement_customer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entitlement")),
        sa.UniqueConstraint("account_id", "customer_id", name=op.f("uq_entitlement_account_id_customer_id")),
    )
    op.create_table(
        "stop_pay",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("account_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number_minimum", WHOLE_NUMBER, nullable=False),
        sa.Column("number_maximum", WHOLE_NUMBER, nullable=False),
        sa.Column("amount_minimum_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("amount_maximum_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_account.account_id"], name=op.f("fk_stop_pay_account_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stop_pay")),
    )
    with op.batch_alter_table("stop_pay", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stop_pay_account_id"), ["account_id"], unique=False)

    op.create_table(
        "card_account",
        sa.Column("card_id", WHOLE_NUMBER, nullable=False),
        sa.Column("account_id", WHOLE_NUMBER, nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("priority", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["bank_account.account_id"], name=op.f("fk_card_account_account_id")
        ),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_card_account_card_id")),
        sa.PrimaryKeyConstraint("card_id", "account_id", name=op.f("pk_card_account")),
    )
    with op.batch_alter_table("card_account", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_account_account_id"), ["account_id"], unique=False)

    op.create_table(
        "card_control",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("card_id", WHOLE_NUMBER, nullable=False),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("archived_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["card_id"], ["card.id"], name=op.f("fk_card_control_card_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_control")),
        sa.UniqueConstraint("tag", name=op.f("uq_card_control_tag")),
    )
    with op.batch_alter_table("card_control", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_card_control_card_id"), ["card_id"], unique=False)
