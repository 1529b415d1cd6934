"""What a user can do, without a screen: analyse, practise, be guided, keep results, measure speed."""
