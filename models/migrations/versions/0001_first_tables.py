"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column(
            "locale",
            sa.Enum("fr", "en", name="locale", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_accounts_email_folded")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("email", name=op.f("uq_accounts_email")),
        sa.UniqueConstraint("public_id", name=op.f("uq_accounts_public_id")),
    )
    op.create_table(
        "activities",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("parent", sa.String(length=8), nullable=True),
        sa.Column("label_fr", sa.String(length=255), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_activities")),
    )
    op.create_table(
        "associations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column(
            "network",
            sa.Enum(
                "initiative_france", "rebonds", name="network", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("department", sa.String(length=3), nullable=True),
        sa.Column("reminder_days", sa.Integer(), server_default="5", nullable=False),
        sa.Column("expiry_days", sa.Integer(), server_default="10", nullable=False),
        sa.Column("decision_days", sa.Integer(), server_default="7", nullable=False),
        sa.Column("follow_up_days", sa.Integer(), server_default="14", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("decision_days BETWEEN 1 AND 60", name=op.f("ck_associations_decision_days")),
        sa.CheckConstraint(
            "expiry_days BETWEEN 2 AND 90 AND expiry_days > reminder_days", name=op.f("ck_associations_expiry_days")
        ),
        sa.CheckConstraint("follow_up_days BETWEEN 1 AND 90", name=op.f("ck_associations_follow_up_days")),
        sa.CheckConstraint("reminder_days BETWEEN 1 AND 60", name=op.f("ck_associations_reminder_days")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_associations")),
        sa.UniqueConstraint("public_id", name=op.f("uq_associations_public_id")),
        sa.UniqueConstraint("slug", name=op.f("uq_associations_slug")),
    )
    op.create_table(
        "communes",
        sa.Column("code", sa.String(length=5), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("search_name", sa.String(length=80), nullable=False),
        sa.Column("parent_code", sa.String(length=5), nullable=True),
        sa.Column("department", sa.String(length=3), nullable=False),
        sa.Column("postal_codes", sa.JSON(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_communes")),
    )
    with op.batch_alter_table("communes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_communes_department"), ["department"], unique=False)
        batch_op.create_index(batch_op.f("ix_communes_search_name"), ["search_name"], unique=False)

    op.create_table(
        "languages",
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label_fr", sa.String(length=60), nullable=False),
        sa.Column("label_en", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_languages")),
        sa.UniqueConstraint("position", name=op.f("uq_languages_position")),
    )
    op.create_table(
        "offers",
        sa.Column("slug", sa.String(length=60), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("operator", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("zone_condition", sa.String(length=60), nullable=False),
        sa.Column("conditions", sa.Text(), nullable=False),
        sa.Column("min_euros", sa.Integer(), nullable=True),
        sa.Column("max_euros", sa.Integer(), nullable=True),
        sa.Column("reliability", sa.String(length=40), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("source_date", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_offers")),
    )
    op.create_table(
        "qpvs",
        sa.Column("code", sa.String(length=12), nullable=False),
        sa.Column("zoning_version", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=160), nullable=False),
        sa.Column("communes", sa.JSON(), nullable=False),
        sa.Column("department", sa.String(length=3), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("contour", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_qpvs")),
    )
    with op.batch_alter_table("qpvs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_qpvs_department"), ["department"], unique=False)

    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_sign_in_attempts_failures")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempts")),
        sa.UniqueConstraint("key_hash", "window_start", name=op.f("uq_sign_in_attempts_key_hash_window_start")),
    )
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.create_index("ix_sign_in_attempts_window_start", ["window_start"], unique=False)

    op.create_table(
        "topics",
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label_fr", sa.String(length=120), nullable=False),
        sa.Column("label_en", sa.String(length=120), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_topics")),
        sa.UniqueConstraint("position", name=op.f("uq_topics_position")),
    )
    op.create_table(
        "workshop_themes",
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label_fr", sa.String(length=120), nullable=False),
        sa.Column("label_en", sa.String(length=120), nullable=False),
        sa.Column("description_fr", sa.Text(), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("topics", sa.JSON(), nullable=False),
        sa.Column("is_sensitive", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_workshop_themes")),
        sa.UniqueConstraint("position", name=op.f("uq_workshop_themes_position")),
    )
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("record", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("from_state", sa.String(length=32), nullable=True),
        sa.Column("to_state", sa.String(length=32), nullable=True),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.String(length=64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["accounts.id"], name=op.f("fk_audit_events_actor_id")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_audit_events_association_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_events")),
    )
    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_events_association_id"), ["association_id"], unique=False)
        batch_op.create_index("ix_audit_events_record_record_id", ["record", "record_id"], unique=False)

    op.create_table(
        "coordinators",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_coordinators_account_id")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_coordinators_association_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coordinators")),
        sa.UniqueConstraint("account_id", "association_id", name=op.f("uq_coordinators_account_id_association_id")),
    )
    with op.batch_alter_table("coordinators", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_coordinators_association_id"), ["association_id"], unique=False)

    op.create_table(
        "entrepreneurs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("referent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("search_name", sa.String(length=170), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "incomplete", "ready", "closed", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column(
            "stage",
            sa.Enum(
                "idea",
                "emergence",
                "planning",
                "funding",
                "registration",
                "launch",
                "consolidation",
                "growth",
                "takeover",
                "difficulty",
                "rebound",
                name="stage",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("activity_code", sa.String(length=8), nullable=True),
        sa.Column("project_title", sa.String(length=160), nullable=False),
        sa.Column("project_text", sa.Text(), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("qpv_code", sa.String(length=12), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("max_km", sa.Double(), nullable=False),
        sa.Column("accepts_remote", sa.Boolean(), nullable=False),
        sa.Column("availability", sa.Integer(), nullable=False),
        sa.Column("wanted_roles", sa.JSON(), nullable=False),
        sa.Column("wants_bridging", sa.Boolean(), nullable=False),
        sa.Column("household", sa.String(length=64), nullable=True),
        sa.Column("waiting_since", sa.Date(), nullable=True),
        sa.Column("follow_up_on", sa.Date(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_entrepreneurs_closed_at")),
        sa.CheckConstraint(
            "state <> 'ready' OR (stage IS NOT NULL AND waiting_since IS NOT NULL)",
            name=op.f("ck_entrepreneurs_ready_is_whole"),
        ),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_entrepreneurs_whole_point")),
        sa.CheckConstraint("availability BETWEEN 0 AND 2097151", name=op.f("ck_entrepreneurs_availability")),
        sa.CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name=op.f("ck_entrepreneurs_latitude")),
        sa.CheckConstraint(
            "longitude IS NULL OR longitude BETWEEN -180 AND 180", name=op.f("ck_entrepreneurs_longitude")
        ),
        sa.CheckConstraint("max_km BETWEEN 0 AND 1000", name=op.f("ck_entrepreneurs_max_km")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_entrepreneurs_account_id")),
        sa.ForeignKeyConstraint(["activity_code"], ["activities.code"], name=op.f("fk_entrepreneurs_activity_code")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_entrepreneurs_association_id")),
        sa.ForeignKeyConstraint(["commune_code"], ["communes.code"], name=op.f("fk_entrepreneurs_commune_code")),
        sa.ForeignKeyConstraint(["qpv_code"], ["qpvs.code"], name=op.f("fk_entrepreneurs_qpv_code")),
        sa.ForeignKeyConstraint(["referent_id"], ["accounts.id"], name=op.f("fk_entrepreneurs_referent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrepreneurs")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_entrepreneurs_association_id_id")),
        sa.UniqueConstraint("association_id", "reference", name=op.f("uq_entrepreneurs_association_id_reference")),
        sa.UniqueConstraint("public_id", name=op.f("uq_entrepreneurs_public_id")),
    )
    with op.batch_alter_table("entrepreneurs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_entrepreneurs_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "ix_entrepreneurs_association_id_state_search_name",
            ["association_id", "state", "search_name"],
            unique=False,
        )
        batch_op.create_index(batch_op.f("ix_entrepreneurs_follow_up_on"), ["follow_up_on"], unique=False)

    op.create_table(
        "form_keys",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_form_keys_account_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_form_keys")),
    )
    with op.batch_alter_table("form_keys", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_form_keys_created_at"), ["created_at"], unique=False)

    op.create_table(
        "login_sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_login_sessions_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_login_sessions_token_hash")),
    )
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_sessions_account_id"), ["account_id"], unique=False)

    op.create_table(
        "messages",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column(
            "locale",
            sa.Enum("fr", "en", name="locale", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "kind",
            sa.Enum(
                "invitation",
                "password_reset",
                "pairing_proposed",
                "pairing_reminder",
                "pairing_accepted",
                "pairing_declined",
                "pairing_expired",
                "pairing_withdrawn",
                "pairing_ended",
                "booking_confirmed",
                "booking_waiting",
                "booking_promoted",
                "booking_cancelled",
                "session_changed",
                "session_cancelled",
                "suggestions_waiting",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("event_key", sa.String(length=120), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failure", sa.String(length=120), nullable=True),
        sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f("ck_messages_sent_at")),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_messages_attempts")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_messages_account_id")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_messages_association_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
        sa.UniqueConstraint("public_id", name=op.f("uq_messages_public_id")),
    )
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_messages_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_messages_association_id"), ["association_id"], unique=False)
        batch_op.create_index("ix_messages_state_next_try_at", ["state", "next_try_at"], unique=False)
        batch_op.create_index("uq_messages_event_key_recipient", ["event_key", "recipient"], unique=True)

    op.create_table(
        "one_time_links",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum("invitation", "reset", name="purpose", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_one_time_links_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_links_token_hash")),
    )
    with op.batch_alter_table("one_time_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_one_time_links_account_id"), ["account_id"], unique=False)

    op.create_table(
        "supporters",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("first_name", sa.String(length=80), nullable=False),
        sa.Column("last_name", sa.String(length=80), nullable=False),
        sa.Column("search_name", sa.String(length=170), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("phone", sa.String(length=32), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "mentor",
                "coach",
                "expert",
                "ambassador",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum("active", "paused", "left", name="state", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("presentation", sa.Text(), nullable=False),
        sa.Column("activity_codes", sa.JSON(), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("max_km", sa.Double(), nullable=False),
        sa.Column("accepts_remote", sa.Boolean(), nullable=False),
        sa.Column("availability", sa.Integer(), nullable=False),
        sa.Column("household", sa.String(length=64), nullable=True),
        sa.Column("in_business", sa.Boolean(), nullable=False),
        sa.Column("has_bounced_back", sa.Boolean(), nullable=False),
        sa.Column("is_certified", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "role <> 'ambassador' OR has_bounced_back", name=op.f("ck_supporters_ambassador_bounced_back")
        ),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_supporters_whole_point")),
        sa.CheckConstraint("availability BETWEEN 0 AND 2097151", name=op.f("ck_supporters_availability")),
        sa.CheckConstraint("capacity BETWEEN 0 AND 500", name=op.f("ck_supporters_capacity")),
        sa.CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name=op.f("ck_supporters_latitude")),
        sa.CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name=op.f("ck_supporters_longitude")),
        sa.CheckConstraint("max_km BETWEEN 0 AND 1000", name=op.f("ck_supporters_max_km")),
        sa.CheckConstraint("taken BETWEEN 0 AND capacity", name=op.f("ck_supporters_taken")),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_supporters_account_id")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_supporters_association_id")),
        sa.ForeignKeyConstraint(["commune_code"], ["communes.code"], name=op.f("fk_supporters_commune_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supporters")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_supporters_association_id_id")),
        sa.UniqueConstraint("association_id", "reference", name=op.f("uq_supporters_association_id_reference")),
        sa.UniqueConstraint("public_id", name=op.f("uq_supporters_public_id")),
    )
    with op.batch_alter_table("supporters", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_supporters_account_id"), ["account_id"], unique=False)
        batch_op.create_index(
            "ix_supporters_association_id_state_search_name", ["association_id", "state", "search_name"], unique=False
        )

    op.create_table(
        "weight_versions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_weight_versions_number")),
        sa.ForeignKeyConstraint(
            ["association_id"], ["associations.id"], name=op.f("fk_weight_versions_association_id")
        ),
        sa.ForeignKeyConstraint(["published_by_id"], ["accounts.id"], name=op.f("fk_weight_versions_published_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_weight_versions")),
        sa.UniqueConstraint("association_id", "number", name=op.f("uq_weight_versions_association_id_number")),
    )
    with op.batch_alter_table("weight_versions", schema=None) as batch_op:
        batch_op.create_index(
            "uq_weight_versions_national_number",
            ["number"],
            unique=True,
            sqlite_where=sa.text("association_id IS NULL"),
            postgresql_where=sa.text("association_id IS NULL"),
        )

    op.create_table(
        "workshop_sessions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organiser_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reference", sa.String(length=64), nullable=False),
        sa.Column("theme_slug", sa.String(length=40), nullable=False),
        sa.Column("title", sa.String(length=160), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wall_start", sa.String(length=16), nullable=False),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column(
            "format",
            sa.Enum(
                "in_person", "online", "hybrid", name="format", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=160), nullable=False),
        sa.Column("address", sa.String(length=255), nullable=False),
        sa.Column("online_url", sa.String(length=255), nullable=False),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("stages", sa.JSON(), nullable=False),
        sa.Column("accessibility", sa.String(length=255), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("next_ticket", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled", "cancelled", "held", name="state", native_enum=False, create_constraint=True, length=32
            ),
            nullable=False,
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("format <> 'in_person' OR place <> ''", name=op.f("ck_workshop_sessions_place_in_person")),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_workshop_sessions_whole_point")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_workshop_sessions_ends_after_start")),
        sa.CheckConstraint("seats BETWEEN 1 AND 500", name=op.f("ck_workshop_sessions_seats")),
        sa.CheckConstraint("taken BETWEEN 0 AND seats", name=op.f("ck_workshop_sessions_taken")),
        sa.ForeignKeyConstraint(
            ["association_id"], ["associations.id"], name=op.f("fk_workshop_sessions_association_id")
        ),
        sa.ForeignKeyConstraint(["commune_code"], ["communes.code"], name=op.f("fk_workshop_sessions_commune_code")),
        sa.ForeignKeyConstraint(["language"], ["languages.code"], name=op.f("fk_workshop_sessions_language")),
        sa.ForeignKeyConstraint(["theme_slug"], ["workshop_themes.slug"], name=op.f("fk_workshop_sessions_theme_slug")),
        sa.ForeignKeyConstraint(["organiser_id"], ["accounts.id"], name=op.f("fk_workshop_sessions_organiser_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workshop_sessions")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_workshop_sessions_association_id_id")),
        sa.UniqueConstraint("association_id", "reference", name=op.f("uq_workshop_sessions_association_id_reference")),
        sa.UniqueConstraint("public_id", name=op.f("uq_workshop_sessions_public_id")),
    )
    with op.batch_alter_table("workshop_sessions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_workshop_sessions_association_id_state_starts_at",
            ["association_id", "state", "starts_at"],
            unique=False,
        )

    op.create_table(
        "bookings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("session_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column("ticket", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "confirmed",
                "waiting",
                "cancelled",
                "attended",
                "absent",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("booked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "cancel_reason",
            sa.Enum(
                "by_person",
                "by_organiser",
                "session_cancelled",
                "no_seat_freed",
                name="cancel_reason_value",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.CheckConstraint(
            "(state = 'cancelled') = (cancel_reason IS NOT NULL)", name=op.f("ck_bookings_cancel_reason")
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_bookings_association_id_entrepreneur_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "session_id"],
            ["workshop_sessions.association_id", "workshop_sessions.id"],
            name=op.f("fk_bookings_association_id_session_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_bookings_association_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_bookings_public_id")),
        sa.UniqueConstraint("session_id", "ticket", name=op.f("uq_bookings_session_id_ticket")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bookings_entrepreneur_id"), ["entrepreneur_id"], unique=False)
        batch_op.create_index("ix_bookings_session_id_state_ticket", ["session_id", "state", "ticket"], unique=False)
        batch_op.create_index(
            "uq_bookings_live",
            ["session_id", "entrepreneur_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )

    op.create_table(
        "entrepreneur_confided",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column("after_liquidation", sa.Text(), nullable=True),
        sa.Column("coaching_consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_entrepreneur_confided_association_id_entrepreneur_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entrepreneur_confided")),
        sa.UniqueConstraint("entrepreneur_id", name=op.f("uq_entrepreneur_confided_entrepreneur_id")),
    )
    op.create_table(
        "entrepreneur_languages",
        sa.Column("entrepreneur_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["entrepreneur_id"],
            ["entrepreneurs.id"],
            name=op.f("fk_entrepreneur_languages_entrepreneur_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["language"], ["languages.code"], name=op.f("fk_entrepreneur_languages_language")),
        sa.PrimaryKeyConstraint("entrepreneur_id", "language", name=op.f("pk_entrepreneur_languages")),
    )
    op.create_table(
        "entrepreneur_needs",
        sa.Column("entrepreneur_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.CheckConstraint("priority BETWEEN 1 AND 3", name=op.f("ck_entrepreneur_needs_priority")),
        sa.ForeignKeyConstraint(
            ["entrepreneur_id"],
            ["entrepreneurs.id"],
            name=op.f("fk_entrepreneur_needs_entrepreneur_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["topic"], ["topics.slug"], name=op.f("fk_entrepreneur_needs_topic")),
        sa.PrimaryKeyConstraint("entrepreneur_id", "topic", name=op.f("pk_entrepreneur_needs")),
    )
    op.create_table(
        "match_runs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "running",
                "done",
                "failed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("progress", sa.Integer(), nullable=False),
        sa.Column("weight_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("requested_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("report", sa.JSON(), nullable=True),
        sa.Column("failure", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(state IN ('done', 'failed')) = (ended_at IS NOT NULL)", name=op.f("ck_match_runs_ended_at")
        ),
        sa.CheckConstraint("progress BETWEEN 0 AND 100", name=op.f("ck_match_runs_progress")),
        sa.CheckConstraint("state <> 'running' OR seen_at IS NOT NULL", name=op.f("ck_match_runs_running_is_seen")),
        sa.CheckConstraint("(state = 'failed') = (failure IS NOT NULL)", name=op.f("ck_match_runs_failure")),
        sa.ForeignKeyConstraint(["association_id"], ["associations.id"], name=op.f("fk_match_runs_association_id")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["accounts.id"], name=op.f("fk_match_runs_requested_by_id")),
        sa.ForeignKeyConstraint(
            ["weight_version_id"], ["weight_versions.id"], name=op.f("fk_match_runs_weight_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_runs")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_match_runs_association_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_match_runs_public_id")),
    )
    with op.batch_alter_table("match_runs", schema=None) as batch_op:
        batch_op.create_index(
            "uq_match_runs_under_way",
            ["association_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )

    op.create_table(
        "qpv_checks",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column(
            "ground",
            sa.Enum("residence", "head_office", name="ground", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column(
            "result",
            sa.Enum(
                "inside",
                "outside",
                "borderline",
                "unknown",
                "declared",
                name="result",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "method",
            sa.Enum(
                "point_in_polygon",
                "chosen_in_list",
                "imported",
                "confirmed_by_staff",
                name="method",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("qpv_code", sa.String(length=12), nullable=True),
        sa.Column("zoning_version", sa.String(length=8), nullable=False),
        sa.Column("distance_m", sa.Double(), nullable=True),
        sa.Column("latitude", sa.Double(), nullable=True),
        sa.Column("longitude", sa.Double(), nullable=True),
        sa.Column("commune_code", sa.String(length=5), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("checked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint(
            "result NOT IN ('inside', 'borderline', 'declared') OR qpv_code IS NOT NULL",
            name=op.f("ck_qpv_checks_code_when_found"),
        ),
        sa.CheckConstraint("latitude IS NULL OR latitude BETWEEN -90 AND 90", name=op.f("ck_qpv_checks_latitude")),
        sa.CheckConstraint("longitude IS NULL OR longitude BETWEEN -180 AND 180", name=op.f("ck_qpv_checks_longitude")),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_qpv_checks_association_id_entrepreneur_id"),
        ),
        sa.ForeignKeyConstraint(["checked_by_id"], ["accounts.id"], name=op.f("fk_qpv_checks_checked_by_id")),
        sa.ForeignKeyConstraint(["commune_code"], ["communes.code"], name=op.f("fk_qpv_checks_commune_code")),
        sa.ForeignKeyConstraint(["qpv_code"], ["qpvs.code"], name=op.f("fk_qpv_checks_qpv_code")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_qpv_checks")),
        sa.UniqueConstraint(
            "entrepreneur_id", "ground", "checked_at", name=op.f("uq_qpv_checks_entrepreneur_id_ground_checked_at")
        ),
        sa.UniqueConstraint("public_id", name=op.f("uq_qpv_checks_public_id")),
    )
    with op.batch_alter_table("qpv_checks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_qpv_checks_entrepreneur_id"), ["entrepreneur_id"], unique=False)

    op.create_table(
        "supporter_expertise",
        sa.Column("supporter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("topic", sa.String(length=40), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.CheckConstraint("level BETWEEN 1 AND 3", name=op.f("ck_supporter_expertise_level")),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f("fk_supporter_expertise_supporter_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["topic"], ["topics.slug"], name=op.f("fk_supporter_expertise_topic")),
        sa.PrimaryKeyConstraint("supporter_id", "topic", name=op.f("pk_supporter_expertise")),
    )
    op.create_table(
        "supporter_languages",
        sa.Column("supporter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["language"], ["languages.code"], name=op.f("fk_supporter_languages_language")),
        sa.ForeignKeyConstraint(
            ["supporter_id"], ["supporters.id"], name=op.f("fk_supporter_languages_supporter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("supporter_id", "language", name=op.f("pk_supporter_languages")),
    )
    op.create_table(
        "suggestions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column("supporter_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "mentor",
                "coach",
                "expert",
                "ambassador",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("components", sa.JSON(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("gaps", sa.JSON(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "alternative",
                "open",
                "approved",
                "rejected",
                "superseded",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "reject_reason",
            sa.Enum(
                "needs_differ",
                "too_far",
                "already_supported",
                "not_now",
                "conflict_of_interest",
                "better_known",
                "other",
                name="reject_reason_value",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'rejected') = (reject_reason IS NOT NULL)", name=op.f("ck_suggestions_reject_reason")
        ),
        sa.CheckConstraint("state <> 'open' OR deadline_at IS NOT NULL", name=op.f("ck_suggestions_open_has_deadline")),
        sa.CheckConstraint(
            "state NOT IN ('approved', 'rejected') OR decided_at IS NOT NULL", name=op.f("ck_suggestions_decided_at")
        ),
        sa.CheckConstraint("rank BETWEEN 1 AND 9", name=op.f("ck_suggestions_rank")),
        sa.CheckConstraint("score BETWEEN 0 AND 1", name=op.f("ck_suggestions_score")),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_suggestions_association_id_entrepreneur_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "run_id"],
            ["match_runs.association_id", "match_runs.id"],
            name=op.f("fk_suggestions_association_id_run_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "supporter_id"],
            ["supporters.association_id", "supporters.id"],
            name=op.f("fk_suggestions_association_id_supporter_id"),
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["accounts.id"], name=op.f("fk_suggestions_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggestions")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_suggestions_association_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_suggestions_public_id")),
        sa.UniqueConstraint(
            "run_id", "entrepreneur_id", "role", "rank", name=op.f("uq_suggestions_run_id_entrepreneur_id_role_rank")
        ),
        sa.UniqueConstraint(
            "run_id",
            "entrepreneur_id",
            "supporter_id",
            "role",
            name=op.f("uq_suggestions_run_id_entrepreneur_id_supporter_id_role"),
        ),
    )
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_suggestions_association_id_state_score", ["association_id", "state", "score"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_suggestions_entrepreneur_id"), ["entrepreneur_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_suggestions_supporter_id"), ["supporter_id"], unique=False)
        batch_op.create_index(
            "uq_suggestions_open",
            ["entrepreneur_id", "role"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    op.create_table(
        "unmatched_needs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "mentor",
                "coach",
                "expert",
                "ambassador",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("refusals", sa.JSON(), nullable=False),
        sa.Column("possible", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_unmatched_needs_association_id_entrepreneur_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "run_id"],
            ["match_runs.association_id", "match_runs.id"],
            name=op.f("fk_unmatched_needs_association_id_run_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmatched_needs")),
        sa.UniqueConstraint(
            "run_id", "entrepreneur_id", "role", name=op.f("uq_unmatched_needs_run_id_entrepreneur_id_role")
        ),
    )
    with op.batch_alter_table("unmatched_needs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unmatched_needs_entrepreneur_id"), ["entrepreneur_id"], unique=False)

    op.create_table(
        "pairings",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("public_id", sa.Uuid(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("entrepreneur_id", sa.Integer(), nullable=False),
        sa.Column("supporter_id", sa.Integer(), nullable=False),
        sa.Column("suggestion_id", sa.Integer(), nullable=True),
        sa.Column(
            "role",
            sa.Enum(
                "mentor",
                "coach",
                "expert",
                "ambassador",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("cost", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "proposed",
                "active",
                "declined",
                "withdrawn",
                "expired",
                "ended",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column(
            "choice_reason",
            sa.Enum(
                "asked_for",
                "known_fit",
                "better_expertise",
                "closer",
                "spread_load",
                "other",
                name="choice_reason_value",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("proposed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("deadline_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "decline_reason",
            sa.Enum(
                "no_time",
                "too_far",
                "other_expertise",
                "conflict_of_interest",
                "language",
                "other",
                name="decline_reason_value",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "withdraw_reason",
            sa.Enum(
                "person_changed_mind",
                "supporter_paused",
                "other_choice",
                "other",
                name="withdraw_reason_value",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column(
            "end_reason",
            sa.Enum(
                "goal_reached",
                "term_reached",
                "unavailable",
                "need_changed",
                "not_a_fit",
                "project_stopped",
                "moved",
                "other",
                name="end_reason_value",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=True,
        ),
        sa.Column("answer_note", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'declined') = (decline_reason IS NOT NULL)", name=op.f("ck_pairings_decline_reason")
        ),
        sa.CheckConstraint("(state = 'ended') = (end_reason IS NOT NULL)", name=op.f("ck_pairings_end_reason")),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdraw_reason IS NOT NULL)", name=op.f("ck_pairings_withdraw_reason")
        ),
        sa.CheckConstraint(
            "(state IN ('declined', 'withdrawn', 'expired', 'ended')) = (ended_at IS NOT NULL)",
            name=op.f("ck_pairings_ended_at"),
        ),
        sa.CheckConstraint(
            "state <> 'proposed' OR deadline_at IS NOT NULL", name=op.f("ck_pairings_proposed_has_deadline")
        ),
        sa.CheckConstraint(
            "state NOT IN ('active', 'declined', 'ended') OR answered_at IS NOT NULL",
            name=op.f("ck_pairings_answered_at"),
        ),
        sa.CheckConstraint("cost >= 1", name=op.f("ck_pairings_cost")),
        sa.CheckConstraint(
            "suggestion_id IS NOT NULL OR choice_reason IS NOT NULL", name=op.f("ck_pairings_suggested_or_chosen")
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "entrepreneur_id"],
            ["entrepreneurs.association_id", "entrepreneurs.id"],
            name=op.f("fk_pairings_association_id_entrepreneur_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "suggestion_id"],
            ["suggestions.association_id", "suggestions.id"],
            name=op.f("fk_pairings_association_id_suggestion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["association_id", "supporter_id"],
            ["supporters.association_id", "supporters.id"],
            name=op.f("fk_pairings_association_id_supporter_id"),
        ),
        sa.ForeignKeyConstraint(["proposed_by_id"], ["accounts.id"], name=op.f("fk_pairings_proposed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pairings")),
        sa.UniqueConstraint("association_id", "id", name=op.f("uq_pairings_association_id_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pairings_public_id")),
        sa.UniqueConstraint("suggestion_id", name=op.f("uq_pairings_suggestion_id")),
    )
    with op.batch_alter_table("pairings", schema=None) as batch_op:
        batch_op.create_index(
            "ix_pairings_association_id_state_deadline_at", ["association_id", "state", "deadline_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_pairings_entrepreneur_id"), ["entrepreneur_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pairings_supporter_id"), ["supporter_id"], unique=False)
        batch_op.create_index(
            "uq_pairings_live_couple",
            ["entrepreneur_id", "supporter_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'active')"),
            postgresql_where=sa.text("state IN ('proposed', 'active')"),
        )
        batch_op.create_index(
            "uq_pairings_live_role",
            ["entrepreneur_id", "role"],
            unique=True,
            sqlite_where=sa.text("state IN ('proposed', 'active')"),
            postgresql_where=sa.text("state IN ('proposed', 'active')"),
        )


def downgrade() -> None:
    with op.batch_alter_table("pairings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_pairings_live_role",
            sqlite_where=sa.text("state IN ('proposed', 'active')"),
            postgresql_where=sa.text("state IN ('proposed', 'active')"),
        )
        batch_op.drop_index(
            "uq_pairings_live_couple",
            sqlite_where=sa.text("state IN ('proposed', 'active')"),
            postgresql_where=sa.text("state IN ('proposed', 'active')"),
        )
        batch_op.drop_index(batch_op.f("ix_pairings_supporter_id"))
        batch_op.drop_index(batch_op.f("ix_pairings_entrepreneur_id"))
        batch_op.drop_index("ix_pairings_association_id_state_deadline_at")

    op.drop_table("pairings")
    with op.batch_alter_table("unmatched_needs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_unmatched_needs_entrepreneur_id"))

    op.drop_table("unmatched_needs")
    with op.batch_alter_table("suggestions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_suggestions_open", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )
        batch_op.drop_index(batch_op.f("ix_suggestions_supporter_id"))
        batch_op.drop_index(batch_op.f("ix_suggestions_entrepreneur_id"))
        batch_op.drop_index("ix_suggestions_association_id_state_score")

    op.drop_table("suggestions")
    op.drop_table("supporter_languages")
    op.drop_table("supporter_expertise")
    with op.batch_alter_table("qpv_checks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_qpv_checks_entrepreneur_id"))

    op.drop_table("qpv_checks")
    with op.batch_alter_table("match_runs", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_match_runs_under_way",
            sqlite_where=sa.text("state IN ('queued', 'running')"),
            postgresql_where=sa.text("state IN ('queued', 'running')"),
        )

    op.drop_table("match_runs")
    op.drop_table("entrepreneur_needs")
    op.drop_table("entrepreneur_languages")
    op.drop_table("entrepreneur_confided")
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_bookings_live",
            sqlite_where=sa.text("state <> 'cancelled'"),
            postgresql_where=sa.text("state <> 'cancelled'"),
        )
        batch_op.drop_index("ix_bookings_session_id_state_ticket")
        batch_op.drop_index(batch_op.f("ix_bookings_entrepreneur_id"))

    op.drop_table("bookings")
    with op.batch_alter_table("workshop_sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_workshop_sessions_association_id_state_starts_at")

    op.drop_table("workshop_sessions")
    with op.batch_alter_table("weight_versions", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_weight_versions_national_number",
            sqlite_where=sa.text("association_id IS NULL"),
            postgresql_where=sa.text("association_id IS NULL"),
        )

    op.drop_table("weight_versions")
    with op.batch_alter_table("supporters", schema=None) as batch_op:
        batch_op.drop_index("ix_supporters_association_id_state_search_name")
        batch_op.drop_index(batch_op.f("ix_supporters_account_id"))

    op.drop_table("supporters")
    with op.batch_alter_table("one_time_links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_one_time_links_account_id"))

    op.drop_table("one_time_links")
    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_index("uq_messages_event_key_recipient")
        batch_op.drop_index("ix_messages_state_next_try_at")
        batch_op.drop_index(batch_op.f("ix_messages_association_id"))
        batch_op.drop_index(batch_op.f("ix_messages_account_id"))

    op.drop_table("messages")
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_login_sessions_account_id"))

    op.drop_table("login_sessions")
    with op.batch_alter_table("form_keys", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_keys_created_at"))

    op.drop_table("form_keys")
    with op.batch_alter_table("entrepreneurs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_entrepreneurs_follow_up_on"))
        batch_op.drop_index("ix_entrepreneurs_association_id_state_search_name")
        batch_op.drop_index(batch_op.f("ix_entrepreneurs_account_id"))

    op.drop_table("entrepreneurs")
    with op.batch_alter_table("coordinators", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_coordinators_association_id"))

    op.drop_table("coordinators")
    with op.batch_alter_table("audit_events", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_events_record_record_id")
        batch_op.drop_index(batch_op.f("ix_audit_events_association_id"))

    op.drop_table("audit_events")
    op.drop_table("workshop_themes")
    op.drop_table("topics")
    with op.batch_alter_table("sign_in_attempts", schema=None) as batch_op:
        batch_op.drop_index("ix_sign_in_attempts_window_start")

    op.drop_table("sign_in_attempts")
    with op.batch_alter_table("qpvs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_qpvs_department"))

    op.drop_table("qpvs")
    op.drop_table("offers")
    op.drop_table("languages")
    with op.batch_alter_table("communes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_communes_search_name"))
        batch_op.drop_index(batch_op.f("ix_communes_department"))

    op.drop_table("communes")
    op.drop_table("associations")
    op.drop_table("activities")
    op.drop_table("accounts")
