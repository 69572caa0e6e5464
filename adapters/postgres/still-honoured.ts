// A person's artefact counts while the person does. Authentication times are whole seconds; within the second of the
// cut-off the moment of the insert decides.
export const STILL_HONOURED = `(a.sub IS NULL OR EXISTS (
  SELECT 1 FROM user_account u WHERE u.pool_id = a.pool_id AND u.sub = a.sub AND u.enabled AND u.status <> 'DELETING'
    AND a.created_at >= floor(extract(epoch FROM u.sessions_valid_after) * 1000)
    AND coalesce(a.auth_time, a.created_at / 1000) >= floor(extract(epoch FROM u.sessions_valid_after))))`
