-- What was remembered of the audit log: earlier versions wrote lines that the work file did not remember, and these
-- are not to be taken for another hand's. The next line is remembered, and with it all before it.
create table if not exists audit_head (
    seq bigint not null,
    hash varchar not null
);

delete from audit_head;
