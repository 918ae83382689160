-- The database itself writes down who changed which task. Every worker process has a role of its own, so `session_user` says who.
CREATE TABLE public.audit_worker (worker bigint PRIMARY KEY, role text NOT NULL);

CREATE TABLE public.audit (
    number bigserial PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    role text NOT NULL DEFAULT session_user,
    what text NOT NULL,             -- insert, claim, mark, return, promote, flag, end (of the row in task); history: stored, changed
    id uuid NOT NULL,
    worker bigint,                  -- who held it before; for a claim, who holds it now
    claims integer,                 -- before; for a claim, after
    is_fair boolean NOT NULL        -- the row itself allows the change
);

CREATE FUNCTION public.audit_register() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.audit_worker VALUES (NEW.id, session_user);
    RETURN NULL;
END $$;

-- Whether the session may write to a task of this worker: its own, or one whose lease is over.
CREATE FUNCTION public.audit_may(holder bigint) RETURNS boolean LANGUAGE sql AS $$
    SELECT EXISTS (SELECT FROM public.audit_worker WHERE worker = holder AND role = session_user)
        OR EXISTS (SELECT FROM horsies.worker WHERE id = holder AND lease_until < now())
$$;

CREATE FUNCTION public.audit_task() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.audit (what, id, worker, claims, is_fair)
        VALUES ('insert', NEW.id, NEW.worker, NEW.claims, NEW.worker IS NULL AND NEW.claims = 0);
    ELSIF TG_OP = 'DELETE' AND OLD.worker IS NULL THEN
        INSERT INTO public.audit (what, id, worker, claims, is_fair)
        VALUES ('end', OLD.id, NULL, OLD.claims, OLD.cancelled OR coalesce(OLD.good_until <= now(), false) OR session_user = 'horsies');
    ELSIF TG_OP = 'DELETE' THEN
        INSERT INTO public.audit (what, id, worker, claims, is_fair)
        VALUES ('end', OLD.id, OLD.worker, OLD.claims, public.audit_may(OLD.worker));
    ELSIF OLD.worker IS NULL AND NEW.worker IS NULL THEN
        INSERT INTO public.audit (what, id, worker, claims, is_fair)
        VALUES ('promote', OLD.id, NULL, OLD.claims, coalesce(OLD.due_at <= now(), false) AND NEW.due_at IS NULL AND NEW.claims = OLD.claims);
    ELSIF OLD.worker IS NULL THEN
        INSERT INTO public.audit (what, id, worker, claims, is_fair)
        VALUES ('claim', NEW.id, NEW.worker, NEW.claims,
            NEW.claims = OLD.claims + 1 AND OLD.due_at IS NULL
            AND EXISTS (SELECT FROM public.audit_worker WHERE worker = NEW.worker AND role = session_user)
            AND EXISTS (SELECT FROM horsies.worker WHERE id = NEW.worker AND lease_until > now()));
    ELSIF NEW.worker IS NULL THEN
        INSERT INTO public.audit (what, id, worker, claims, is_fair)
        VALUES ('return', OLD.id, OLD.worker, OLD.claims, NEW.claims = OLD.claims AND public.audit_may(OLD.worker));
    ELSIF NEW.cancelled AND NOT OLD.cancelled THEN
        INSERT INTO public.audit (what, id, worker, claims, is_fair)
        VALUES ('flag', OLD.id, OLD.worker, OLD.claims, NEW.worker = OLD.worker AND NEW.claims = OLD.claims);
    ELSE
        INSERT INTO public.audit (what, id, worker, claims, is_fair)
        VALUES ('mark', OLD.id, OLD.worker, OLD.claims,
            NEW.worker = OLD.worker AND NEW.claims = OLD.claims AND public.audit_may(OLD.worker));
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION public.audit_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO public.audit (what, id, worker, claims, is_fair)
    VALUES (CASE TG_OP WHEN 'INSERT' THEN 'stored' ELSE 'changed' END, coalesce(NEW.id, OLD.id), NULL, NULL, TG_OP = 'INSERT');
    RETURN NULL;
END $$;

CREATE TRIGGER audit_register AFTER INSERT ON horsies.worker FOR EACH ROW EXECUTE FUNCTION public.audit_register();
CREATE TRIGGER audit_task AFTER INSERT OR UPDATE OR DELETE ON horsies.task FOR EACH ROW EXECUTE FUNCTION public.audit_task();
CREATE TRIGGER audit_history AFTER INSERT OR UPDATE OR DELETE ON horsies.history FOR EACH ROW EXECUTE FUNCTION public.audit_history();
