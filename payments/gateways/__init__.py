"""The payment gateways behind the port in payments.gateway: one module each."""
