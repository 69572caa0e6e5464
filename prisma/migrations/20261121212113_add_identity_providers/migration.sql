-- CreateTable
CREATE TABLE "identity_provider" (
    "pool_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "name_lower" TEXT NOT NULL,
    "settings" JSONB NOT NULL,
    "secret" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "identity_provider_pkey" PRIMARY KEY ("pool_id","name")
);

-- CreateTable
CREATE TABLE "provider_identifier" (
    "pool_id" TEXT NOT NULL,
    "identifier_lower" TEXT NOT NULL,
    "provider" TEXT NOT NULL,

    CONSTRAINT "provider_identifier_pkey" PRIMARY KEY ("pool_id","identifier_lower")
);

-- CreateTable
CREATE TABLE "linked_identity" (
    "pool_id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "provider_type" TEXT NOT NULL,
    "issuer" TEXT,
    "is_primary" BOOLEAN NOT NULL,
    "linked_at" TIMESTAMPTZ(3) NOT NULL,
    "last_sign_in_at" TIMESTAMPTZ(3),
    "claims_sealed" TEXT,
    "tokens_sealed" TEXT,

    CONSTRAINT "linked_identity_pkey" PRIMARY KEY ("pool_id","provider","subject")
);

-- CreateTable
CREATE TABLE "upstream_session" (
    "pool_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "session_sealed" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "upstream_session_pkey" PRIMARY KEY ("pool_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "identity_provider_pool_id_name_lower_key" ON "identity_provider"("pool_id", "name_lower");

-- CreateIndex
CREATE INDEX "provider_identifier_pool_id_provider_idx" ON "provider_identifier"("pool_id", "provider");

-- CreateIndex
CREATE INDEX "linked_identity_pool_id_sub_idx" ON "linked_identity"("pool_id", "sub");

-- CreateIndex
CREATE INDEX "upstream_session_pool_id_sub_idx" ON "upstream_session"("pool_id", "sub");

-- CreateIndex
CREATE INDEX "upstream_session_expires_at_idx" ON "upstream_session"("expires_at");
