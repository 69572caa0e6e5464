-- CreateTable
CREATE TABLE "pool" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pool_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "signing_key" (
    "pool_id" TEXT NOT NULL,
    "kid" TEXT NOT NULL,
    "use" TEXT NOT NULL,
    "alg" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "public_jwk" JSONB NOT NULL,
    "private_sealed" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "active_from" TIMESTAMPTZ(3) NOT NULL,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "signing_key_pkey" PRIMARY KEY ("pool_id","kid")
);

-- CreateTable
CREATE TABLE "app_client" (
    "pool_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "settings" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "app_client_pkey" PRIMARY KEY ("pool_id","id")
);

-- CreateTable
CREATE TABLE "client_secret" (
    "pool_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "client_secret_pkey" PRIMARY KEY ("pool_id","client_id","id")
);

-- CreateTable
CREATE TABLE "resource_server" (
    "pool_id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "scopes" JSONB NOT NULL,

    CONSTRAINT "resource_server_pkey" PRIMARY KEY ("pool_id","identifier")
);

-- CreateTable
CREATE TABLE "user_account" (
    "pool_id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "username" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "attributes" JSONB NOT NULL,
    "sessions_valid_after" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "last_sign_in_at" TIMESTAMPTZ(3),

    CONSTRAINT "user_account_pkey" PRIMARY KEY ("pool_id","sub")
);

-- CreateTable
CREATE TABLE "sign_in_name" (
    "pool_id" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "kind" TEXT NOT NULL,

    CONSTRAINT "sign_in_name_pkey" PRIMARY KEY ("pool_id","value")
);

-- CreateTable
CREATE TABLE "password" (
    "pool_id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "is_temporary" BOOLEAN NOT NULL DEFAULT false,
    "expires_at" TIMESTAMPTZ(3),
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "password_pkey" PRIMARY KEY ("pool_id","sub")
);

-- CreateTable
CREATE TABLE "former_password" (
    "pool_id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "replaced_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "former_password_pkey" PRIMARY KEY ("pool_id","sub","id")
);

-- CreateTable
CREATE TABLE "user_group" (
    "pool_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT,
    "role_arn" TEXT,
    "precedence" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_group_pkey" PRIMARY KEY ("pool_id","name")
);

-- CreateTable
CREATE TABLE "membership" (
    "pool_id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "group_name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "membership_pkey" PRIMARY KEY ("pool_id","sub","group_name")
);

-- CreateTable
CREATE TABLE "consent" (
    "pool_id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "scopes" TEXT[],
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "consent_pkey" PRIMARY KEY ("pool_id","sub","client_id")
);

-- CreateTable
CREATE TABLE "flow" (
    "pool_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "step" TEXT NOT NULL,
    "state" JSONB NOT NULL,
    "version" INTEGER NOT NULL,
    "created_at" BIGINT NOT NULL,
    "expires_at" BIGINT NOT NULL,

    CONSTRAINT "flow_pkey" PRIMARY KEY ("pool_id","id")
);

-- CreateTable
CREATE TABLE "one_time_code" (
    "pool_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "code_hash" TEXT NOT NULL,
    "link_hash" TEXT,
    "flow_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "consumed_at" TIMESTAMPTZ(3),

    CONSTRAINT "one_time_code_pkey" PRIMARY KEY ("pool_id","id")
);

-- CreateTable
CREATE TABLE "oidc_artifact" (
    "pool_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "id_hash" TEXT NOT NULL,
    "grant_id" TEXT,
    "uid_hash" TEXT,
    "user_code" TEXT,
    "sub" TEXT,
    "client_id" TEXT,
    "payload" JSONB NOT NULL,
    "created_at" BIGINT NOT NULL,
    "auth_time" BIGINT,
    "expires_at" BIGINT,
    "consumed_at" BIGINT,

    CONSTRAINT "oidc_artifact_pkey" PRIMARY KEY ("pool_id","kind","id_hash")
);

-- CreateTable
CREATE TABLE "rate_bucket" (
    "key" TEXT NOT NULL,
    "count" INTEGER NOT NULL,
    "reset_at" BIGINT NOT NULL,

    CONSTRAINT "rate_bucket_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "auth_event" (
    "id" UUID NOT NULL,
    "pool_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "reason" TEXT,
    "sub" TEXT,
    "client_id" TEXT,
    "flow_id" TEXT,
    "request_id" TEXT,
    "ip" TEXT,
    "user_agent" TEXT,
    "detail" JSONB NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 1,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "auth_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" UUID NOT NULL,
    "pool_id" TEXT NOT NULL,
    "channel" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "recipient_hash" TEXT NOT NULL,
    "sealed" TEXT,
    "status" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3),
    "sent_at" TIMESTAMPTZ(3),

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "theme" (
    "pool_id" TEXT NOT NULL,
    "client_id" TEXT NOT NULL DEFAULT '',
    "settings" JSONB NOT NULL,
    "css_source" TEXT,
    "css" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "theme_pkey" PRIMARY KEY ("pool_id","client_id")
);

-- CreateTable
CREATE TABLE "theme_asset" (
    "pool_id" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "content_type" TEXT NOT NULL,
    "bytes" BYTEA NOT NULL,

    CONSTRAINT "theme_asset_pkey" PRIMARY KEY ("pool_id","hash")
);

-- CreateTable
CREATE TABLE "canary" (
    "id" INTEGER NOT NULL,
    "sealed" TEXT NOT NULL,

    CONSTRAINT "canary_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "pool_name_key" ON "pool"("name");

-- CreateIndex
CREATE UNIQUE INDEX "app_client_pool_id_name_key" ON "app_client"("pool_id", "name");

-- CreateIndex
CREATE INDEX "user_account_pool_id_created_at_sub_idx" ON "user_account"("pool_id", "created_at", "sub");

-- CreateIndex
CREATE INDEX "sign_in_name_pool_id_sub_idx" ON "sign_in_name"("pool_id", "sub");

-- CreateIndex
CREATE INDEX "membership_pool_id_group_name_created_at_sub_idx" ON "membership"("pool_id", "group_name", "created_at", "sub");

-- CreateIndex
CREATE INDEX "flow_expires_at_idx" ON "flow"("expires_at");

-- CreateIndex
CREATE INDEX "one_time_code_pool_id_purpose_subject_idx" ON "one_time_code"("pool_id", "purpose", "subject");

-- CreateIndex
CREATE INDEX "one_time_code_expires_at_idx" ON "one_time_code"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "one_time_code_pool_id_link_hash_key" ON "one_time_code"("pool_id", "link_hash");

-- CreateIndex
CREATE INDEX "oidc_artifact_pool_id_grant_id_idx" ON "oidc_artifact"("pool_id", "grant_id");

-- CreateIndex
CREATE INDEX "oidc_artifact_pool_id_uid_hash_idx" ON "oidc_artifact"("pool_id", "uid_hash");

-- CreateIndex
CREATE INDEX "oidc_artifact_pool_id_sub_idx" ON "oidc_artifact"("pool_id", "sub");

-- CreateIndex
CREATE INDEX "oidc_artifact_expires_at_idx" ON "oidc_artifact"("expires_at");

-- CreateIndex
CREATE INDEX "rate_bucket_reset_at_idx" ON "rate_bucket"("reset_at");

-- CreateIndex
CREATE INDEX "auth_event_pool_id_created_at_idx" ON "auth_event"("pool_id", "created_at");

-- CreateIndex
CREATE INDEX "auth_event_pool_id_sub_created_at_idx" ON "auth_event"("pool_id", "sub", "created_at");

-- CreateIndex
CREATE INDEX "outbox_status_next_attempt_at_idx" ON "outbox"("status", "next_attempt_at");

-- CreateIndex
CREATE INDEX "outbox_recipient_hash_id_idx" ON "outbox"("recipient_hash", "id");

-- CreateIndex
CREATE INDEX "outbox_pool_id_created_at_idx" ON "outbox"("pool_id", "created_at");
