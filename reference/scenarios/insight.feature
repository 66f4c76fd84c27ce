Feature: Insights for a bank's advisers

  @REQ-LAT-001
  Scenario: A client in the diary
    Given a client whose full analysis was made this quarter of an hour
    When the adviser opens the client
    Then the insight is there within a second with its score, its reasons and the analysis

  @REQ-FRE-001
  Scenario: A client whom nobody expected
    Given a client without a full analysis
    When the adviser opens the client
    Then the fast insight is there and says "analysis pending"

  @REQ-AVA-001
  Scenario: A source is down
    Given the payments hub of North Bank sends no heartbeat
    When the adviser opens a client of North Bank
    Then the insight is there, is marked stale for payments, and its confidence is lower

  @REQ-EXP-001
  Scenario: The supervisor asks why
    Given an insight of last month
    When its record is replayed
    Then the same bytes come out
