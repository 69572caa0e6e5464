-- AlterTable
ALTER TABLE "upstream_session" ADD COLUMN     "name_id_hash" TEXT;

-- CreateIndex
CREATE INDEX "upstream_session_pool_id_provider_name_id_hash_idx" ON "upstream_session"("pool_id", "provider", "name_id_hash");
