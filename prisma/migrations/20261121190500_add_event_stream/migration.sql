-- AlterTable
-- The transaction that wrote the row: the order in which a stream sees events. Rows of before have this migration's.
ALTER TABLE "auth_event" ADD COLUMN "written_in" BIGINT NOT NULL DEFAULT ((pg_current_xact_id())::text)::bigint;

-- CreateTable
CREATE TABLE "event_cursor" (
    "sink" TEXT NOT NULL,
    "written_in" BIGINT NOT NULL,
    "event_id" UUID NOT NULL,
    "lease" TEXT,
    "leased_until" TIMESTAMPTZ(3),
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "event_cursor_pkey" PRIMARY KEY ("sink")
);

-- CreateIndex
CREATE INDEX "auth_event_written_in_id_idx" ON "auth_event"("written_in", "id");
