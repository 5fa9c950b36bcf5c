"""What NotifySlack says, and how."""
