-- The number of accounts, known without counting them, as the number of people is.

CREATE TABLE accounts_count (number INTEGER NOT NULL) STRICT;
INSERT INTO accounts_count SELECT count(*) FROM accounts;
CREATE TRIGGER accounts_count_up AFTER INSERT ON accounts
BEGIN UPDATE accounts_count SET number = number + 1; END;
CREATE TRIGGER accounts_count_down AFTER DELETE ON accounts
BEGIN UPDATE accounts_count SET number = number - 1; END;
