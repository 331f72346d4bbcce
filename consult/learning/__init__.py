"""Learning: the guide, questions and answers, the words explained, and the shelf beside a consultation."""
