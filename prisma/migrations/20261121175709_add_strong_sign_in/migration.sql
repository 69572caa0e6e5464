-- AlterTable
ALTER TABLE "auth_event" ADD COLUMN     "device_id" TEXT,
ADD COLUMN     "feedback" JSONB,
ADD COLUMN     "place" JSONB,
ADD COLUMN     "risk" JSONB;

-- AlterTable
ALTER TABLE "user_account" ADD COLUMN     "delete_after" TIMESTAMPTZ(3),
ADD COLUMN     "preferred_factor" TEXT;

-- CreateTable
CREATE TABLE "factor" (
    "pool_id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT,
    "sealed" TEXT,
    "address" TEXT,
    "credential_id" TEXT,
    "detail" JSONB NOT NULL,
    "counter" BIGINT NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "factor_pkey" PRIMARY KEY ("pool_id","sub","id")
);

-- CreateTable
CREATE TABLE "recovery_code" (
    "pool_id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "code_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "recovery_code_pkey" PRIMARY KEY ("pool_id","sub","code_hash")
);

-- CreateTable
CREATE TABLE "device" (
    "pool_id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "remembered_until" TIMESTAMPTZ(3),
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_ip" TEXT,
    "last_place" JSONB,

    CONSTRAINT "device_pkey" PRIMARY KEY ("pool_id","sub","id")
);

-- CreateTable
CREATE TABLE "sign_in_profile" (
    "pool_id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "profile" JSONB NOT NULL,
    "version" INTEGER NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "sign_in_profile_pkey" PRIMARY KEY ("pool_id","sub")
);

-- CreateTable
CREATE TABLE "contact_change" (
    "pool_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "attribute" TEXT NOT NULL,
    "old_value" TEXT,
    "new_value" TEXT NOT NULL,
    "undo_hash" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "confirmed_at" TIMESTAMPTZ(3),
    "undone_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "contact_change_pkey" PRIMARY KEY ("pool_id","id")
);

-- CreateTable
CREATE TABLE "data_export" (
    "pool_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "locale" TEXT NOT NULL,
    "sealed" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ready_at" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "data_export_pkey" PRIMARY KEY ("pool_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "factor_pool_id_credential_id_key" ON "factor"("pool_id", "credential_id");

-- CreateIndex
CREATE UNIQUE INDEX "device_pool_id_sub_token_hash_key" ON "device"("pool_id", "sub", "token_hash");

-- CreateIndex
CREATE INDEX "contact_change_pool_id_sub_idx" ON "contact_change"("pool_id", "sub");

-- CreateIndex
CREATE INDEX "contact_change_expires_at_idx" ON "contact_change"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "contact_change_pool_id_undo_hash_key" ON "contact_change"("pool_id", "undo_hash");

-- CreateIndex
CREATE INDEX "data_export_pool_id_sub_idx" ON "data_export"("pool_id", "sub");

-- CreateIndex
CREATE INDEX "data_export_status_created_at_idx" ON "data_export"("status", "created_at");

-- CreateIndex
CREATE INDEX "data_export_expires_at_idx" ON "data_export"("expires_at");
