"""What events add to the figures. Pure but for `writing`: a fact goes in, changes come out."""
