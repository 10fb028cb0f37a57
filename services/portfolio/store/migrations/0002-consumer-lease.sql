-- The consumer of the ledger's feed has the lease `feed.ledger`; the one of the release before would lie here unused.
DELETE FROM platform.lease WHERE name = 'portfolio.ledger-feed';
