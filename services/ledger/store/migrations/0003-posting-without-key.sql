-- No statement finds a posting by its sequence and line: statements of an account go by posting_of_account, audits read all. A trade has seven
-- postings, and the index cost a third of writing them. Two of one sequence and line cannot come: postings are written in one
-- statement with their entry, whose sequence is a primary key. Releases before this one work as well without it.
ALTER TABLE posting DROP CONSTRAINT posting_pkey;
