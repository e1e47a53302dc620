"""The duty to respond: its clock, the desk of officials, the answers, the debates, and the public board."""
