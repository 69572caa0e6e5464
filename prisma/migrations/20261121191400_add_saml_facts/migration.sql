-- CreateTable
CREATE TABLE "used_assertion" (
    "pool_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "id_hash" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "used_assertion_pkey" PRIMARY KEY ("pool_id","provider_id","id_hash")
);

-- CreateTable
CREATE TABLE "upstream_metadata" (
    "pool_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "document" TEXT NOT NULL,
    "kept_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "upstream_metadata_pkey" PRIMARY KEY ("pool_id","provider_id")
);

-- CreateIndex
CREATE INDEX "used_assertion_expires_at_idx" ON "used_assertion"("expires_at");
