-- CreateTable
CREATE TABLE "saml_key" (
    "pool_id" TEXT NOT NULL,
    "use" TEXT NOT NULL,
    "private_sealed" TEXT NOT NULL,
    "certificate" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "saml_key_pkey" PRIMARY KEY ("pool_id","use")
);

-- CreateTable
CREATE TABLE "pairwise_secret" (
    "pool_id" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "pairwise_secret_pkey" PRIMARY KEY ("pool_id")
);
