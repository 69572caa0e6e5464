-- CreateTable
CREATE TABLE "app_sign_out" (
    "pool_id" TEXT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "client_id" TEXT NOT NULL,
    "sub" TEXT NOT NULL,
    "sid" TEXT,
    "status" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "app_sign_out_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "app_sign_out_status_next_attempt_at_idx" ON "app_sign_out"("status", "next_attempt_at");
