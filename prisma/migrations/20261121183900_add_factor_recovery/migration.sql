-- CreateTable
CREATE TABLE "factor_recovery" (
    "pool_id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "requested_at" TIMESTAMPTZ(3) NOT NULL,
    "ready_at" TIMESTAMPTZ(3) NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "password_changed_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "factor_recovery_pkey" PRIMARY KEY ("pool_id","sub")
);

-- CreateIndex
CREATE UNIQUE INDEX "factor_recovery_pool_id_token_hash_key" ON "factor_recovery"("pool_id", "token_hash");

-- CreateIndex
CREATE INDEX "factor_recovery_expires_at_idx" ON "factor_recovery"("expires_at");
