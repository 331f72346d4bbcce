"""The site for programs: access tokens, machines, and the REST interface they are for."""
