-- The companies that a new market begins with. All are invented.
INSERT INTO instrument (symbol, name, sector, tick_size, lot_size, currency, band_bps, reference_price) VALUES
  ('ACME', 'Acme Tools', 'Industry', 10000, 1000000, 'USD', 2000, 187250000),
  ('AURA', 'Aurora Lighting', 'Industry', 10000, 1000000, 'USD', 2000, 42600000),
  ('BOLT', 'Boltworks Motors', 'Automobiles', 10000, 1000000, 'USD', 2000, 233100000),
  ('CIRR', 'Cirrus Computing', 'Technology', 10000, 1000000, 'USD', 2000, 318450000),
  ('DELV', 'Delver Mining', 'Materials', 10000, 1000000, 'USD', 2000, 17850000),
  ('EVER', 'Evergreen Foods', 'Consumer goods', 10000, 1000000, 'USD', 2000, 64300000),
  ('FERN', 'Fernwood Health', 'Health care', 10000, 1000000, 'USD', 2000, 128900000),
  ('GALE', 'Galewind Energy', 'Energy', 50000, 1000000, 'USD', 2000, 76550000),
  ('HALO', 'Halo Space Systems', 'Aerospace', 1000000, 10000, 'USD', 2000, 4820000000),
  ('IRIS', 'Iris Optics', 'Technology', 10000, 1000000, 'USD', 2000, 95400000),
  ('JUNO', 'Juno Bank', 'Finance', 10000, 1000000, 'USD', 2000, 51200000),
  ('KITE', 'Kite Airlines', 'Transport', 10000, 1000000, 'USD', 2000, 3450000),
  ('LUMA', 'Luma Pictures', 'Media', 10000, 1000000, 'USD', 2000, 29750000),
  ('NOVA', 'Nova Semiconductors', 'Technology', 50000, 1000000, 'USD', 2000, 642750000);
