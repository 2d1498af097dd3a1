"""Sales, terms, coupons, payouts and webhooks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# SQLite's INTEGER already holds 64 bits, and only this spelling makes a primary key its row id.
WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "card_token",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("card_type", sa.Text(), nullable=False),
        sa.Column("first_six", sa.Text(), nullable=False),
        sa.Column("last_four", sa.Text(), nullable=False),
        sa.Column("expiry_month", WHOLE_NUMBER, nullable=False),
        sa.Column("expiry_year", WHOLE_NUMBER, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_card_token_token_hash")),
    )
    with op.batch_alter_table("card_token", schema=None) as batch_op:
        batch_op.create_index("ix_card_token_expiry", ["expires_at"], unique=False)

    op.create_table(
        "coupon",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("code_key", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("percent_ppm", WHOLE_NUMBER, nullable=True),
        sa.Column("value_e4", WHOLE_NUMBER, nullable=True),
        sa.Column("minimum_e4", WHOLE_NUMBER, nullable=True),
        sa.Column("expires_on", sa.Text(), nullable=False),
        sa.Column("is_for_all", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coupon")),
        sa.UniqueConstraint("code_key", name=op.f("uq_coupon_code_key")),
    )
    op.create_table(
        "endpoint",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("kinds", sa.Text(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_secret", sa.LargeBinary(), nullable=False),
        sa.Column("previous_until", sa.BigInteger(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("removed_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endpoint")),
    )
    op.create_table(
        "exchange_rate",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("since", sa.Text(), nullable=False),
        sa.Column("rate_e8", WHOLE_NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_rate")),
        sa.UniqueConstraint("currency", "since", name=op.f("uq_exchange_rate_currency_since")),
    )
    op.create_table(
        "gateway_attempt",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("amount_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", WHOLE_NUMBER, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("response", sa.Text(), nullable=False),
        sa.Column("payment_id", WHOLE_NUMBER, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gateway_attempt")),
        sa.UniqueConstraint("key", name=op.f("uq_gateway_attempt_key")),
    )
    with op.batch_alter_table("gateway_attempt", schema=None) as batch_op:
        batch_op.create_index("ix_gateway_attempt_open", ["state", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_gateway_attempt_payment_id"), ["payment_id"], unique=False)

    op.create_table(
        "merchant",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("vendor_id", WHOLE_NUMBER, nullable=False),
        sa.Column("level_id", WHOLE_NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("affiliate_url", sa.Text(), nullable=False),
        sa.Column("site_category", sa.Text(), nullable=False),
        sa.Column("site_description", sa.Text(), nullable=False),
        sa.Column("site_title", sa.Text(), nullable=False),
        sa.Column("soft_descriptor", sa.Text(), nullable=False),
        sa.Column("secret_word", sa.LargeBinary(), nullable=False),
        sa.Column("publishable_key", sa.Text(), nullable=False),
        sa.Column("private_key", sa.LargeBinary(), nullable=False),
        sa.Column("demo", sa.Text(), nullable=False),
        sa.Column("return_method", WHOLE_NUMBER, nullable=False),
        sa.Column("return_url", sa.Text(), nullable=False),
        sa.Column("pending_return_url", sa.Text(), nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("fraud_review_minutes", WHOLE_NUMBER, nullable=False),
        sa.Column("refund_days", WHOLE_NUMBER, nullable=False),
        sa.Column("service_email", sa.Text(), nullable=False),
        sa.Column("service_phone", sa.Text(), nullable=False),
        sa.Column("service_phone_ext", sa.Text(), nullable=False),
        sa.Column("office_email", sa.Text(), nullable=False),
        sa.Column("office_phone", sa.Text(), nullable=False),
        sa.Column("office_phone_ext", sa.Text(), nullable=False),
        sa.Column("mailing_id", WHOLE_NUMBER, nullable=False),
        sa.Column("mailing_address1", sa.Text(), nullable=False),
        sa.Column("mailing_address2", sa.Text(), nullable=False),
        sa.Column("mailing_city", sa.Text(), nullable=False),
        sa.Column("mailing_state", sa.Text(), nullable=False),
        sa.Column("mailing_postcode", sa.Text(), nullable=False),
        sa.Column("mailing_country", sa.Text(), nullable=False),
        sa.Column("physical_id", WHOLE_NUMBER, nullable=False),
        sa.Column("physical_address1", sa.Text(), nullable=False),
        sa.Column("physical_address2", sa.Text(), nullable=False),
        sa.Column("physical_city", sa.Text(), nullable=False),
        sa.Column("physical_state", sa.Text(), nullable=False),
        sa.Column("physical_postcode", sa.Text(), nullable=False),
        sa.Column("physical_country", sa.Text(), nullable=False),
        sa.Column("fee_ppm", WHOLE_NUMBER, nullable=False),
        sa.Column("fee_fixed_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("chargeback_fee_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("reserve_ppm", WHOLE_NUMBER, nullable=False),
        sa.Column("reserve_days", WHOLE_NUMBER, nullable=False),
        sa.Column("payout_method", sa.Text(), nullable=False),
        sa.Column("payout_weekday", WHOLE_NUMBER, nullable=False),
        sa.Column("payout_fee_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("release_level_minor", WHOLE_NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merchant")),
    )
    op.create_table(
        "payment_method",
        sa.Column("sale_id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("gateway", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("sale_id", name=op.f("pk_payment_method")),
    )
    op.create_table(
        "product_option",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_product_option")),
    )
    op.create_table(
        "shipping_method",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("carrier", sa.Text(), nullable=False),
        sa.Column("price_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("further_piece_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("countries", sa.Text(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_method")),
        sa.UniqueConstraint("name", name=op.f("uq_shipping_method_name")),
    )
    op.create_table(
        "tax_rate",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rate_ppm", WHOLE_NUMBER, nullable=False),
        sa.Column("is_on_shipping", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_rate")),
        sa.UniqueConstraint("country", "state", name=op.f("uq_tax_rate_country_state")),
    )
    op.create_table(
        "delivery",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("endpoint_id", WHOLE_NUMBER, nullable=False),
        sa.Column("number", WHOLE_NUMBER, nullable=False),
        sa.Column("event_seq", WHOLE_NUMBER, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("subject_id", WHOLE_NUMBER, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("attempts", WHOLE_NUMBER, nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("claimed_until", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("repeats_id", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["endpoint_id"], ["endpoint.id"], name=op.f("fk_delivery_endpoint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_due", ["endpoint_id", "state", "due_at"], unique=False)
        batch_op.create_index("ix_delivery_event", ["event_seq"], unique=False)
        batch_op.create_index(
            "ix_delivery_subject", ["endpoint_id", "subject", "subject_id", "id"], unique=False
        )

    op.create_table(
        "option_value",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("option_id", WHOLE_NUMBER, nullable=False),
        sa.Column("position", WHOLE_NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("surcharge_e4", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["option_id"], ["product_option.id"], name=op.f("fk_option_value_option_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_option_value")),
    )
    with op.batch_alter_table("option_value", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_option_value_option_id"), ["option_id"], unique=False)

    op.create_table(
        "payout",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("amount_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("paid_at", sa.BigInteger(), nullable=True),
        sa.Column("reserve_released_at", sa.BigInteger(), nullable=True),
        sa.Column("voided_at", sa.BigInteger(), nullable=True),
        sa.Column("transfer_id", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_payout_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout")),
    )
    with op.batch_alter_table("payout", schema=None) as batch_op:
        batch_op.create_index("ix_payout_state", ["state", "id"], unique=False)

    op.create_table(
        "checkout",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("ip_address", sa.Text(), nullable=False),
        sa.Column("referrer", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("sale_id", WHOLE_NUMBER, nullable=True),
        sa.Column("order_id", WHOLE_NUMBER, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("completed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_checkout_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkout")),
        sa.UniqueConstraint("key", name=op.f("uq_checkout_key")),
    )
    with op.batch_alter_table("checkout", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_checkout_order_id"), ["order_id"], unique=False)
        batch_op.create_index("ix_checkout_state", ["state", "expires_at"], unique=False)

    op.create_table(
        "coupon_product",
        sa.Column("coupon_id", WHOLE_NUMBER, nullable=False),
        sa.Column("product_id", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["coupon_id"], ["coupon.id"], name=op.f("fk_coupon_product_coupon_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_coupon_product_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("coupon_id", "product_id", name=op.f("pk_coupon_product")),
    )
    with op.batch_alter_table("coupon_product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coupon_product_product_id"), ["product_id"], unique=False)

    op.create_table(
        "delivery_attempt",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("delivery_id", WHOLE_NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("status", WHOLE_NUMBER, nullable=True),
        sa.Column("problem", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("took_ms", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_attempt_delivery_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_attempt")),
    )
    with op.batch_alter_table("delivery_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_attempt_delivery_id"), ["delivery_id"], unique=False)

    op.create_table(
        "invoice",
        sa.Column("order_id", WHOLE_NUMBER, nullable=False),
        sa.Column("change_number", WHOLE_NUMBER, nullable=False),
        sa.Column("installment", WHOLE_NUMBER, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("fraud_status", sa.Text(), nullable=False),
        sa.Column("fraud_due_at", sa.BigInteger(), nullable=True),
        sa.Column("merchant_order_id", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("referrer", sa.Text(), nullable=False),
        sa.Column("ip_address", sa.Text(), nullable=False),
        sa.Column("ip_country", sa.Text(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("card_first_six", sa.Text(), nullable=False),
        sa.Column("card_last_two", sa.Text(), nullable=False),
        sa.Column("avs", sa.Text(), nullable=False),
        sa.Column("cvv", sa.Text(), nullable=False),
        sa.Column("payment_id", WHOLE_NUMBER, nullable=True),
        sa.Column("first_name", sa.Text(), nullable=False),
        sa.Column("middle_initial", sa.Text(), nullable=False),
        sa.Column("last_name", sa.Text(), nullable=False),
        sa.Column("phone_ext", sa.Text(), nullable=False),
        sa.Column("billing_address2", sa.Text(), nullable=False),
        sa.Column("billing_country", sa.Text(), nullable=False),
        sa.Column("delivery_address2", sa.Text(), nullable=False),
        sa.Column("delivery_country", sa.Text(), nullable=False),
        sa.Column("customer_currency", sa.Text(), nullable=False),
        sa.Column("customer_total_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("usd_total_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("fee_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("authorised_at", sa.BigInteger(), nullable=True),
        sa.Column("authorised_until", sa.BigInteger(), nullable=True),
        sa.Column("reauthorised_at", sa.BigInteger(), nullable=True),
        sa.Column("pending_at", sa.BigInteger(), nullable=True),
        sa.Column("deposited_at", sa.BigInteger(), nullable=True),
        sa.Column("is_shippable", sa.Boolean(), nullable=False),
        sa.Column("tracking_url", sa.Text(), nullable=False),
        sa.Column("payout_id", WHOLE_NUMBER, nullable=True),
        sa.Column("paid_out_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_invoice_order_id")),
        sa.PrimaryKeyConstraint("order_id", name=op.f("pk_invoice")),
    )
    with op.batch_alter_table("invoice", schema=None) as batch_op:
        batch_op.create_index("ix_invoice_card", ["card_first_six", "card_last_two"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoice_merchant_order_id"), ["merchant_order_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_invoice_payout_id"), ["payout_id"], unique=False)
        batch_op.create_index("ix_invoice_status", ["status", "fraud_status"], unique=False)

    op.create_table(
        "option_of_product",
        sa.Column("product_id", WHOLE_NUMBER, nullable=False),
        sa.Column("option_id", WHOLE_NUMBER, nullable=False),
        sa.Column("position", WHOLE_NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["option_id"],
            ["product_option.id"],
            name=op.f("fk_option_of_product_option_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_option_of_product_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("product_id", "option_id", name=op.f("pk_option_of_product")),
    )
    with op.batch_alter_table("option_of_product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_option_of_product_option_id"), ["option_id"], unique=False)

    op.create_table(
        "order_comment",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("sale_id", WHOLE_NUMBER, nullable=False),
        sa.Column("order_id", WHOLE_NUMBER, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("ip_address", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("category", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_order_comment_order_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_comment")),
    )
    with op.batch_alter_table("order_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_order_comment_sale_id"), ["sale_id"], unique=False)

    op.create_table(
        "payout_entry",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("payout_id", WHOLE_NUMBER, nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("order_id", WHOLE_NUMBER, nullable=True),
        sa.Column("amount_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("available_at", sa.BigInteger(), nullable=False),
        sa.Column("memo", sa.Text(), nullable=False),
        sa.Column("transfer_id", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["payout_id"], ["payout.id"], name=op.f("fk_payout_entry_payout_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_payout_entry_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payout_entry")),
    )
    with op.batch_alter_table("payout_entry", schema=None) as batch_op:
        batch_op.create_index("ix_payout_entry_order", ["order_id"], unique=False)
        batch_op.create_index("ix_payout_entry_payout", ["payout_id", "kind"], unique=False)
        batch_op.create_index("ix_payout_entry_waiting", ["payout_id", "available_at"], unique=False)

    op.create_table(
        "product_terms",
        sa.Column("product_id", WHOLE_NUMBER, nullable=False),
        sa.Column("assigned_id", WHOLE_NUMBER, nullable=False),
        sa.Column("vendor_product_id", sa.Text(), nullable=False),
        sa.Column("vendor_product_key", sa.Text(), nullable=False),
        sa.Column("is_tangible", sa.Boolean(), nullable=False),
        sa.Column("handling_e4", WHOLE_NUMBER, nullable=True),
        sa.Column("is_recurring", sa.Boolean(), nullable=False),
        sa.Column("recurrence_unit", sa.Text(), nullable=True),
        sa.Column("recurrence_count", WHOLE_NUMBER, nullable=True),
        sa.Column("duration_unit", sa.Text(), nullable=True),
        sa.Column("duration_count", WHOLE_NUMBER, nullable=True),
        sa.Column("startup_fee_e4", WHOLE_NUMBER, nullable=True),
        sa.Column("approved_url", sa.Text(), nullable=True),
        sa.Column("pending_url", sa.Text(), nullable=True),
        sa.Column("has_commission", sa.Boolean(), nullable=False),
        sa.Column("commission_type", sa.Text(), nullable=True),
        sa.Column("commission_e4", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(
            ["product_id"], ["product.id"], name=op.f("fk_product_terms_product_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("product_id", name=op.f("pk_product_terms")),
        sa.UniqueConstraint("assigned_id", name=op.f("uq_product_terms_assigned_id")),
    )
    with op.batch_alter_table("product_terms", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_product_terms_vendor_product_key"), ["vendor_product_key"], unique=False
        )

    op.create_table(
        "recurring_item",
        sa.Column("enrolment_id", WHOLE_NUMBER, nullable=False),
        sa.Column("sale_id", WHOLE_NUMBER, nullable=False),
        sa.Column("order_line_id", WHOLE_NUMBER, nullable=False),
        sa.Column("price_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("installments", WHOLE_NUMBER, nullable=False),
        sa.Column("installments_max", WHOLE_NUMBER, nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("first_declined_at", sa.BigInteger(), nullable=True),
        sa.Column("declined_at", sa.BigInteger(), nullable=True),
        sa.Column("decline_code", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrolment_id"], ["enrolment.id"], name=op.f("fk_recurring_item_enrolment_id")
        ),
        sa.PrimaryKeyConstraint("enrolment_id", name=op.f("pk_recurring_item")),
    )
    with op.batch_alter_table("recurring_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recurring_item_order_line_id"), ["order_line_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_recurring_item_sale_id"), ["sale_id"], unique=False)

    op.create_table(
        "chargeback",
        sa.Column("id", WHOLE_NUMBER, autoincrement=False, nullable=False),
        sa.Column("order_id", WHOLE_NUMBER, nullable=False),
        sa.Column("payment_id", WHOLE_NUMBER, nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("amount_minor", WHOLE_NUMBER, nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("transfer_id", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_chargeback_order_id")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payment_transaction.id"], name=op.f("fk_chargeback_payment_id")
        ),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_chargeback_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chargeback")),
        sa.UniqueConstraint("identifier", name=op.f("uq_chargeback_identifier")),
    )
    with op.batch_alter_table("chargeback", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_chargeback_order_id"), ["order_id"], unique=False)

    op.create_table(
        "line_item",
        sa.Column("order_line_id", WHOLE_NUMBER, nullable=False),
        sa.Column("order_id", WHOLE_NUMBER, nullable=False),
        sa.Column("vendor_product_id", sa.Text(), nullable=True),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("is_catalogue", sa.Boolean(), nullable=False),
        sa.Column("is_tangible", sa.Boolean(), nullable=False),
        sa.Column("is_cart", sa.Boolean(), nullable=False),
        sa.Column("price_e4", WHOLE_NUMBER, nullable=False),
        sa.Column("handling_e4", WHOLE_NUMBER, nullable=True),
        sa.Column("startup_fee_e4", WHOLE_NUMBER, nullable=True),
        sa.Column("surcharges", sa.Text(), nullable=False),
        sa.Column("recurrence_unit", sa.Text(), nullable=True),
        sa.Column("recurrence_count", WHOLE_NUMBER, nullable=True),
        sa.Column("duration_unit", sa.Text(), nullable=True),
        sa.Column("duration_count", WHOLE_NUMBER, nullable=True),
        sa.Column("installment", WHOLE_NUMBER, nullable=True),
        sa.Column("enrolment_id", WHOLE_NUMBER, nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_line_item_order_id")),
        sa.ForeignKeyConstraint(
            ["order_line_id"], ["order_line.id"], name=op.f("fk_line_item_order_line_id")
        ),
        sa.PrimaryKeyConstraint("order_line_id", name=op.f("pk_line_item")),
    )
    with op.batch_alter_table("line_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_line_item_enrolment_id"), ["enrolment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_line_item_order_id"), ["order_id"], unique=False)

    with op.batch_alter_table("category", schema=None) as batch_op:
        batch_op.add_column(sa.Column("parent_id", WHOLE_NUMBER, nullable=True))
        batch_op.create_index(batch_op.f("ix_category_parent_id"), ["parent_id"], unique=False)

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_renewal", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("sale_id", WHOLE_NUMBER, nullable=False, server_default="0"))
        batch_op.drop_index("ix_orders_parent_id")
        batch_op.create_index(
            "ix_orders_parent_id",
            ["parent_id"],
            unique=False,
            sqlite_where=sa.text("parent_id IS NOT NULL"),
            postgresql_where=sa.text("parent_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_orders_first",
            ["created_at", "id"],
            unique=False,
            sqlite_where=sa.text("parent_id IS NULL AND removed_at IS NULL"),
            postgresql_where=sa.text("parent_id IS NULL AND removed_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_orders_sale_id"), ["sale_id"], unique=False)

    with op.batch_alter_table("refund", schema=None) as batch_op:
        batch_op.add_column(sa.Column("category", WHOLE_NUMBER, nullable=True))
    with op.batch_alter_table("order_line", schema=None) as batch_op:
        batch_op.drop_index("ix_order_line_parent_line_id")
        batch_op.create_index(
            "ix_order_line_parent_line_id",
            ["parent_line_id"],
            unique=False,
            sqlite_where=sa.text("parent_line_id IS NOT NULL"),
            postgresql_where=sa.text("parent_line_id IS NOT NULL"),
        )

    # Until now every order was a sale, or a part of its parent's.
    op.execute("UPDATE orders SET sale_id = COALESCE(parent_id, id)")
