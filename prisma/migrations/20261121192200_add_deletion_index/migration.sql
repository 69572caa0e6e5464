-- CreateIndex
CREATE INDEX "user_account_delete_after_idx" ON "user_account"("delete_after");
