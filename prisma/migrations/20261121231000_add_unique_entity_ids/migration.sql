-- No two clients of a pool speak for one service provider. Clients that speak no SAML have no such member and are left out.
CREATE UNIQUE INDEX "app_client_entity_id_key" ON "app_client"("pool_id", (("settings"->'saml'->>'entityId')))
    WHERE ("settings"->'saml'->>'entityId') IS NOT NULL;
