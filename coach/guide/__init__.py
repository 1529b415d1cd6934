"""The guided session: what a person alone at home is led through. Pure logic; faces show its GuideMoments."""
