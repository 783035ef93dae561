"""What people do with portfolios: each verb is one transaction, with its entry in the trail."""
