-- CreateTable
CREATE TABLE "unsolicited_identity" (
    "pool_id" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "provider" TEXT NOT NULL,
    "identity_sealed" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "unsolicited_identity_pkey" PRIMARY KEY ("pool_id","id")
);

-- CreateIndex
CREATE INDEX "unsolicited_identity_expires_at_idx" ON "unsolicited_identity"("expires_at");
