"""Initial."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# SQLite's INTEGER already holds 64 bits, and only this spelling makes a primary key its row id.
WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.Column("floor_minor", WHOLE_NUMBER, nullable=True),
        sa.Column("posted_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("pending_in_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("pending_out_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("held_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("code", "currency", name=op.f("uq_account_code_currency")),
    )
    op.create_table(
        "asset",
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("byte_size", WHOLE_NUMBER, nullable=False),
        sa.Column("width", WHOLE_NUMBER, nullable=False),
        sa.Column("height", WHOLE_NUMBER, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_asset")),
    )
    op.create_index(op.f("ix_asset_digest"), "asset", ["digest"], unique=False)
    op.create_table(
        "brand",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("comment1", sa.Text(), nullable=False),
        sa.Column("comment2", sa.Text(), nullable=False),
        sa.Column("comment3", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("fax", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("image1", sa.Text(), nullable=False),
        sa.Column("image2", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brand")),
    )
    op.create_table(
        "category",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("slug_key", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("keywords", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("comment1", sa.Text(), nullable=False),
        sa.Column("comment2", sa.Text(), nullable=False),
        sa.Column("comment3", sa.Text(), nullable=False),
        sa.Column("comment4", sa.Text(), nullable=False),
        sa.Column("comment5", sa.Text(), nullable=False),
        sa.Column("image1", sa.Text(), nullable=False),
        sa.Column("seo_id", WHOLE_NUMBER, nullable=False),
        sa.Column("seo_title", sa.Text(), nullable=False),
        sa.Column("seo_description", sa.Text(), nullable=False),
        sa.Column("seo_keywords", sa.Text(), nullable=False),
        sa.Column("seo_robots", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category")),
        sa.UniqueConstraint("slug_key", name=op.f("uq_category_slug_key")),
    )
    op.create_table(
        "counter",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("value", WHOLE_NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_counter")),
    )
    op.create_table(
        "custom_field",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("name_key", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_field")),
    )
    op.create_index(op.f("ix_custom_field_name_key"), "custom_field", ["name_key"], unique=False)
    op.create_table(
        "customer",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("username", sa.Text(), nullable=False),
        sa.Column("username_key", sa.Text(), nullable=True),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("gender", sa.Text(), nullable=False),
        sa.Column("birth_date", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("name_title", sa.Text(), nullable=False),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("nickname", sa.Text(), nullable=False),
        sa.Column("country_id", sa.Text(), nullable=False),
        sa.Column("state_id", sa.Text(), nullable=False),
        sa.Column("suburb", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column("address1", sa.Text(), nullable=False),
        sa.Column("address2", sa.Text(), nullable=False),
        sa.Column("address3", sa.Text(), nullable=False),
        sa.Column("phone_day", sa.Text(), nullable=False),
        sa.Column("phone_evening", sa.Text(), nullable=False),
        sa.Column("phone_fax", sa.Text(), nullable=False),
        sa.Column("occupation", sa.Text(), nullable=False),
        sa.Column("company", sa.Text(), nullable=False),
        sa.Column("business_category", sa.Text(), nullable=False),
        sa.Column("job_department", sa.Text(), nullable=False),
        sa.Column("custom1", sa.Text(), nullable=False),
        sa.Column("custom2", sa.Text(), nullable=False),
        sa.Column("custom3", sa.Text(), nullable=False),
        sa.Column("custom4", sa.Text(), nullable=False),
        sa.Column("custom5", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer")),
        sa.UniqueConstraint("username_key", name=op.f("uq_customer_username_key")),
    )
    op.create_index(op.f("ix_customer_email_key"), "customer", ["email_key"], unique=False)
    op.create_table(
        "customer_group",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("is_interest", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_group")),
    )
    op.create_table(
        "event",
        sa.Column("seq", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", WHOLE_NUMBER, nullable=False),
        sa.Column("operator_id", WHOLE_NUMBER, nullable=True),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("dialect", sa.Text(), nullable=False),
        sa.Column("request_id", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
    )
    op.create_index("ix_event_subject", "event", ["subject", "subject_id", "seq"], unique=False)
    op.create_table(
        "given_answer",
        sa.Column("holder", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("status", WHOLE_NUMBER, nullable=False),
        sa.Column("content_type", sa.Text(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("holder", "key", name=op.f("pk_given_answer")),
    )
    op.create_index(op.f("ix_given_answer_expires_at"), "given_answer", ["expires_at"], unique=False)
    op.create_table(
        "login_attempt",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("failures", WHOLE_NUMBER, nullable=False),
        sa.Column("last_failed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_login_attempt")),
    )
    op.create_table(
        "operator",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operator")),
        sa.UniqueConstraint("email", name=op.f("uq_operator_email")),
    )
    op.create_table(
        "shop",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("site_url", sa.Text(), nullable=False),
        sa.Column("cdn_url", sa.Text(), nullable=False),
        sa.Column("is_sandbox", sa.Boolean(), nullable=False),
        sa.Column("clock_frozen_at", sa.BigInteger(), nullable=True),
        sa.Column("clock_offset_micros", WHOLE_NUMBER, nullable=False),
        sa.Column("settings", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shop")),
    )
    op.create_table(
        "subscription",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("product_id", WHOLE_NUMBER, nullable=True),
        sa.Column("price_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("interval_unit", sa.Text(), nullable=False),
        sa.Column("interval_count", WHOLE_NUMBER, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
    )
    op.create_table(
        "transfer",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("tag", sa.Text(), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("posted_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("reverses_id", WHOLE_NUMBER, nullable=True),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["reverses_id"], ["transfer.id"], name=op.f("fk_transfer_reverses_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("reverses_id", name=op.f("uq_transfer_reverses_id")),
        sa.UniqueConstraint("tag", name=op.f("uq_transfer_tag")),
    )
    op.create_index("ix_transfer_subject", "transfer", ["subject", "subject_id"], unique=False)
    op.create_table(
        "warehouse",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_key", sa.Text(), nullable=False),
        sa.Column("street", sa.Text(), nullable=False),
        sa.Column("suburb", sa.Text(), nullable=False),
        sa.Column("city", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("postcode", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("latitude_e6", WHOLE_NUMBER, nullable=True),
        sa.Column("longitude_e6", WHOLE_NUMBER, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_warehouse")),
        sa.UniqueConstraint("code_key", name=op.f("uq_warehouse_code_key")),
    )
    op.create_table(
        "api_key",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("operator_id", WHOLE_NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("dialect", sa.Text(), nullable=False),
        sa.Column("key_hash", sa.Text(), nullable=False),
        sa.Column("hint", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("networks", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.Column("replaced_by_id", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["operator_id"], ["operator.id"], name=op.f("fk_api_key_operator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_key")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_api_key_key_hash")),
    )
    op.create_index(op.f("ix_api_key_operator_id"), "api_key", ["operator_id"], unique=False)
    op.create_table(
        "enrolment",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("subscription_id", WHOLE_NUMBER, nullable=False),
        sa.Column("parent_order_id", WHOLE_NUMBER, nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("is_paid", sa.Boolean(), nullable=False),
        sa.Column("next_order_id", WHOLE_NUMBER, nullable=True),
        sa.Column("next_billing_at", sa.BigInteger(), nullable=True),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("anchor_day", WHOLE_NUMBER, nullable=False),
        sa.Column("gateway", sa.Text(), nullable=True),
        sa.Column("failed_attempts", WHOLE_NUMBER, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_enrolment_customer_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["subscription.id"], name=op.f("fk_enrolment_subscription_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrolment")),
    )
    op.create_index(op.f("ix_enrolment_customer_id"), "enrolment", ["customer_id"], unique=False)
    op.create_index("ix_enrolment_due", "enrolment", ["is_active", "due_at"], unique=False)
    op.create_index(op.f("ix_enrolment_subscription_id"), "enrolment", ["subscription_id"], unique=False)
    op.create_table(
        "group_member",
        sa.Column("group_id", WHOLE_NUMBER, nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_group_member_customer_id")),
        sa.ForeignKeyConstraint(["group_id"], ["customer_group.id"], name=op.f("fk_group_member_group_id")),
        sa.PrimaryKeyConstraint("group_id", "role", "customer_id", name=op.f("pk_group_member")),
    )
    op.create_index(op.f("ix_group_member_customer_id"), "group_member", ["customer_id"], unique=False)
    op.create_table(
        "hold",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("account_id", WHOLE_NUMBER, nullable=False),
        sa.Column("amount_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", WHOLE_NUMBER, nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("transfer_id", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_hold_account_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_hold_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
    )
    op.create_index("ix_hold_account", "hold", ["account_id", "state"], unique=False)
    op.create_index("ix_hold_expiry", "hold", ["state", "expires_at"], unique=False)
    op.create_table(
        "notification",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("read_at", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_notification_customer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
    )
    op.create_index(op.f("ix_notification_customer_id"), "notification", ["customer_id"], unique=False)
    op.create_table(
        "orders",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("parent_id", WHOLE_NUMBER, nullable=True),
        sa.Column("has_children", sa.Boolean(), nullable=False),
        sa.Column("customer_id", WHOLE_NUMBER, nullable=True),
        sa.Column("warehouse_id", WHOLE_NUMBER, nullable=True),
        sa.Column("comments", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.Column("version", WHOLE_NUMBER, nullable=False),
        sa.Column("billing_name", sa.Text(), nullable=False),
        sa.Column("billing_company", sa.Text(), nullable=False),
        sa.Column("billing_address", sa.Text(), nullable=False),
        sa.Column("billing_suburb", sa.Text(), nullable=False),
        sa.Column("billing_city", sa.Text(), nullable=False),
        sa.Column("billing_state", sa.Text(), nullable=False),
        sa.Column("billing_postcode", sa.Text(), nullable=False),
        sa.Column("billing_email", sa.Text(), nullable=False),
        sa.Column("billing_phone", sa.Text(), nullable=False),
        sa.Column("delivery_name", sa.Text(), nullable=False),
        sa.Column("delivery_company", sa.Text(), nullable=False),
        sa.Column("delivery_address", sa.Text(), nullable=False),
        sa.Column("delivery_suburb", sa.Text(), nullable=False),
        sa.Column("delivery_city", sa.Text(), nullable=False),
        sa.Column("delivery_state", sa.Text(), nullable=False),
        sa.Column("delivery_postcode", sa.Text(), nullable=False),
        sa.Column("delivery_email", sa.Text(), nullable=False),
        sa.Column("delivery_phone", sa.Text(), nullable=False),
        sa.Column("custom1", sa.Text(), nullable=False),
        sa.Column("custom2", sa.Text(), nullable=False),
        sa.Column("custom3", sa.Text(), nullable=False),
        sa.Column("custom4", sa.Text(), nullable=False),
        sa.Column("custom5", sa.Text(), nullable=False),
        sa.Column("custom6", sa.Text(), nullable=False),
        sa.Column("custom7", sa.Text(), nullable=False),
        sa.Column("custom8", sa.Text(), nullable=False),
        sa.Column("custom9", sa.Text(), nullable=False),
        sa.Column("custom10", sa.Text(), nullable=False),
        sa.Column("payment_method", sa.Text(), nullable=False),
        sa.Column("payment_transaction_id", sa.Text(), nullable=False),
        sa.Column("shipping_method", sa.Text(), nullable=False),
        sa.Column("tracking_id", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("shipped_at", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("tax_included", sa.Boolean(), nullable=False),
        sa.Column("delivery_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("insurance_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("surcharge_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("discount_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("tax_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("total_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("total_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("charges_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("charges_tax_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("paid_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("repaid_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("refunded_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("sale_transfer_id", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["parent_id"], ["orders.id"], name=op.f("fk_orders_parent_id")),
        sa.ForeignKeyConstraint(
            ["sale_transfer_id"], ["transfer.id"], name=op.f("fk_orders_sale_transfer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_orders")),
    )
    op.create_index(op.f("ix_orders_customer_id"), "orders", ["customer_id"], unique=False)
    op.create_index(op.f("ix_orders_number"), "orders", ["number"], unique=False)
    op.create_index(op.f("ix_orders_parent_id"), "orders", ["parent_id"], unique=False)
    op.create_index("ix_orders_updated_at", "orders", ["updated_at", "id"], unique=False)
    op.create_table(
        "posting",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("transfer_id", WHOLE_NUMBER, nullable=False),
        sa.Column("account_id", WHOLE_NUMBER, nullable=False),
        sa.Column("amount_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_posting_account_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_posting_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posting")),
        info={"append_only": True},
    )
    op.create_index("ix_posting_account", "posting", ["account_id", "transfer_id"], unique=False)
    op.create_index(op.f("ix_posting_transfer_id"), "posting", ["transfer_id"], unique=False)
    op.create_table(
        "product",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("brand_id", WHOLE_NUMBER, nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("slug_key", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("preview", sa.Text(), nullable=False),
        sa.Column("keywords", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("has_inventory", sa.Boolean(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("quantity", WHOLE_NUMBER, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("image1", sa.Text(), nullable=False),
        sa.Column("image2", sa.Text(), nullable=False),
        sa.Column("image3", sa.Text(), nullable=False),
        sa.Column("image4", sa.Text(), nullable=False),
        sa.Column("image5", sa.Text(), nullable=False),
        sa.Column("limit_maximum", WHOLE_NUMBER, nullable=False),
        sa.Column("limit_minimum", WHOLE_NUMBER, nullable=False),
        sa.Column("price_rrp_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("price_special_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("price_cost_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("tax_code_id", WHOLE_NUMBER, nullable=True),
        sa.Column("tax_class", sa.Text(), nullable=False),
        sa.Column("length_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("width_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("depth_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("weight_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("is_shipped_separately", sa.Boolean(), nullable=False),
        sa.Column("is_never_split", sa.Boolean(), nullable=False),
        sa.Column("seo_id", WHOLE_NUMBER, nullable=False),
        sa.Column("seo_title", sa.Text(), nullable=False),
        sa.Column("seo_description", sa.Text(), nullable=False),
        sa.Column("seo_keywords", sa.Text(), nullable=False),
        sa.Column("seo_robots", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["brand_id"], ["brand.id"], name=op.f("fk_product_brand_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product")),
        sa.UniqueConstraint("code_key", name=op.f("uq_product_code_key")),
        sa.UniqueConstraint("slug_key", name=op.f("uq_product_slug_key")),
    )
    op.create_index(op.f("ix_product_brand_id"), "product", ["brand_id"], unique=False)
    op.create_table(
        "stock_level",
        sa.Column("warehouse_id", WHOLE_NUMBER, nullable=False),
        sa.Column("product_id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("variant_id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("quantity", WHOLE_NUMBER, nullable=False),
        sa.CheckConstraint("quantity >= 0", name=op.f("ck_stock_level_never_negative")),
        sa.ForeignKeyConstraint(["warehouse_id"], ["warehouse.id"], name=op.f("fk_stock_level_warehouse_id")),
        sa.PrimaryKeyConstraint("warehouse_id", "product_id", "variant_id", name=op.f("pk_stock_level")),
    )
    op.create_index(op.f("ix_stock_level_product_id"), "stock_level", ["product_id"], unique=False)
    op.create_table(
        "stock_move",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("product_id", WHOLE_NUMBER, nullable=False),
        sa.Column("variant_id", WHOLE_NUMBER, nullable=False),
        sa.Column("quantity", WHOLE_NUMBER, nullable=False),
        sa.Column("from_place", sa.Text(), nullable=False),
        sa.Column("from_warehouse_id", WHOLE_NUMBER, nullable=True),
        sa.Column("to_place", sa.Text(), nullable=False),
        sa.Column("to_warehouse_id", WHOLE_NUMBER, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", WHOLE_NUMBER, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_stock_move_something_moves")),
        sa.ForeignKeyConstraint(
            ["from_warehouse_id"], ["warehouse.id"], name=op.f("fk_stock_move_from_warehouse_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_warehouse_id"], ["warehouse.id"], name=op.f("fk_stock_move_to_warehouse_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_move")),
        info={"append_only": True},
    )
    op.create_index("ix_stock_move_product", "stock_move", ["product_id", "variant_id", "id"], unique=False)
    op.create_index("ix_stock_move_subject", "stock_move", ["subject", "subject_id"], unique=False)
    op.create_table(
        "order_line",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("order_id", WHOLE_NUMBER, nullable=False),
        sa.Column("position", WHOLE_NUMBER, nullable=False),
        sa.Column("parent_line_id", WHOLE_NUMBER, nullable=True),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("product_id", WHOLE_NUMBER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("variant_id", WHOLE_NUMBER, nullable=True),
        sa.Column("variant_code", sa.Text(), nullable=False),
        sa.Column("variant_name", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("quantity", WHOLE_NUMBER, nullable=False),
        sa.Column("unit_price_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("discount_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("tax_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("options", sa.Text(), nullable=False),
        sa.Column("warehouse_id", WHOLE_NUMBER, nullable=True),
        sa.Column("amount_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("discount_share_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("tax_minor", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_line_order_id")),
        sa.ForeignKeyConstraint(
            ["parent_line_id"], ["order_line.id"], name=op.f("fk_order_line_parent_line_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_line")),
    )
    op.create_index(op.f("ix_order_line_order_id"), "order_line", ["order_id"], unique=False)
    op.create_index(op.f("ix_order_line_parent_line_id"), "order_line", ["parent_line_id"], unique=False)
    op.create_table(
        "order_log",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("order_id", WHOLE_NUMBER, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("user", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("result", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_log_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_log")),
    )
    op.create_index(op.f("ix_order_log_order_id"), "order_log", ["order_id"], unique=False)
    op.create_table(
        "payment_transaction",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("order_id", WHOLE_NUMBER, nullable=False),
        sa.Column("date", sa.BigInteger(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("amount_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("transfer_id", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_payment_transaction_order_id")),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfer.id"], name=op.f("fk_payment_transaction_transfer_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment_transaction")),
    )
    op.create_index(
        op.f("ix_payment_transaction_order_id"), "payment_transaction", ["order_id"], unique=False
    )
    op.create_table(
        "pricing",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("product_id", WHOLE_NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("sign", sa.Text(), nullable=False),
        sa.Column("price_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("modifier", sa.Text(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("minimum_quantity", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_pricing_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pricing")),
    )
    op.create_index(op.f("ix_pricing_product_id"), "pricing", ["product_id"], unique=False)
    op.create_table(
        "product_category",
        sa.Column("product_id", WHOLE_NUMBER, nullable=False),
        sa.Column("category_id", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["category_id"], ["category.id"], name=op.f("fk_product_category_category_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_category_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("product_id", "category_id", name=op.f("pk_product_category")),
    )
    op.create_index(
        op.f("ix_product_category_category_id"), "product_category", ["category_id"], unique=False
    )
    op.create_table(
        "product_custom_field",
        sa.Column("product_id", WHOLE_NUMBER, nullable=False),
        sa.Column("custom_field_id", WHOLE_NUMBER, nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["custom_field_id"],
            ["custom_field.id"],
            name=op.f("fk_product_custom_field_custom_field_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"],
            ["product.id"],
            name=op.f("fk_product_custom_field_product_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("product_id", "custom_field_id", name=op.f("pk_product_custom_field")),
    )
    op.create_index(
        op.f("ix_product_custom_field_custom_field_id"),
        "product_custom_field",
        ["custom_field_id"],
        unique=False,
    )
    op.create_table(
        "refund",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("order_id", WHOLE_NUMBER, nullable=False),
        sa.Column("user_id", WHOLE_NUMBER, nullable=False),
        sa.Column("parent_id", WHOLE_NUMBER, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("transaction_id", WHOLE_NUMBER, nullable=False),
        sa.Column("transaction_identifier", sa.Text(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("refunded_at", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("items_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("shipping_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("total_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("transfer_id", WHOLE_NUMBER, nullable=True),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_refund_order_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_refund_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund")),
    )
    op.create_index(op.f("ix_refund_order_id"), "refund", ["order_id"], unique=False)
    op.create_table(
        "variant",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("product_id", WHOLE_NUMBER, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("stock", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_variant_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant")),
    )
    op.create_index(op.f("ix_variant_code_key"), "variant", ["code_key"], unique=False)
    op.create_index(op.f("ix_variant_product_id"), "variant", ["product_id"], unique=False)
    op.create_table(
        "refund_item",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("refund_id", WHOLE_NUMBER, nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("order_line_id", WHOLE_NUMBER, nullable=False),
        sa.Column("quantity", WHOLE_NUMBER, nullable=False),
        sa.Column("amount_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("tax_minor", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["refund_id"], ["refund.id"], name=op.f("fk_refund_item_refund_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_item")),
    )
    op.create_index(op.f("ix_refund_item_order_line_id"), "refund_item", ["order_line_id"], unique=False)
    op.create_index(op.f("ix_refund_item_refund_id"), "refund_item", ["refund_id"], unique=False)
