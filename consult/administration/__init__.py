"""What the people who run the site see and do: people, organisations, roles, jobs, mail, health, and what they did."""
